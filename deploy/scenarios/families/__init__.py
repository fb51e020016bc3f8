"""One scenario for each family of norms: what must alert, and near misses that must stay silent."""

from deploy.scenarios.families.bedden import BEDDEN
from deploy.scenarios.families.escalatie import ESCALATIE
from deploy.scenarios.families.evenredige_spreiding import EVENREDIGE_SPREIDING
from deploy.scenarios.families.fasen import FASEN
from deploy.scenarios.families.gemiste_verwijzingen import GEMISTE_VERWIJZINGEN
from deploy.scenarios.families.ic_afspraken import IC_AFSPRAKEN
from deploy.scenarios.families.informatieplicht import INFORMATIEPLICHT
from deploy.scenarios.families.ongelijke_toegang import ONGELIJKE_TOEGANG
from deploy.scenarios.families.operatiekamers import OPERATIEKAMERS
from deploy.scenarios.families.plichten import PLICHTEN
from deploy.scenarios.families.prognose import PROGNOSE
from deploy.scenarios.families.treeknormen import TREEKNORMEN
from deploy.scenarios.families.urgentieklassen import URGENTIEKLASSEN
from deploy.scenarios.families.vervolgzorg import VERVOLGZORG
from deploy.scenarios.families.verzuim import VERZUIM
from deploy.scenarios.families.voorrang import VOORRANG
from deploy.scenarios.families.werkvoorraad import WERKVOORRAAD

FAMILIES = (
    TREEKNORMEN,
    URGENTIEKLASSEN,
    VOORRANG,
    IC_AFSPRAKEN,
    BEDDEN,
    FASEN,
    EVENREDIGE_SPREIDING,
    PROGNOSE,
    OPERATIEKAMERS,
    WERKVOORRAAD,
    GEMISTE_VERWIJZINGEN,
    VERZUIM,
    VERVOLGZORG,
    ONGELIJKE_TOEGANG,
    PLICHTEN,
    INFORMATIEPLICHT,
    ESCALATIE,
)
"""In the order of the sections of the frameworks."""

__all__ = ["FAMILIES"]
