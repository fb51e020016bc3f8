"""One scenario for each family of norms: what must alert, and near misses that must stay silent."""

from streams.scenarios.families.bedden import BEDDEN
from streams.scenarios.families.escalatie import ESCALATIE
from streams.scenarios.families.evenredige_spreiding import EVENREDIGE_SPREIDING
from streams.scenarios.families.fasen import FASEN
from streams.scenarios.families.gemiste_verwijzingen import GEMISTE_VERWIJZINGEN
from streams.scenarios.families.ic_afspraken import IC_AFSPRAKEN
from streams.scenarios.families.informatieplicht import INFORMATIEPLICHT
from streams.scenarios.families.ongelijke_toegang import ONGELIJKE_TOEGANG
from streams.scenarios.families.operatiekamers import OPERATIEKAMERS
from streams.scenarios.families.plichten import PLICHTEN
from streams.scenarios.families.prognose import PROGNOSE
from streams.scenarios.families.treeknormen import TREEKNORMEN
from streams.scenarios.families.urgentieklassen import URGENTIEKLASSEN
from streams.scenarios.families.vervolgzorg import VERVOLGZORG
from streams.scenarios.families.verzuim import VERZUIM
from streams.scenarios.families.voorrang import VOORRANG
from streams.scenarios.families.werkvoorraad import WERKVOORRAAD

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
