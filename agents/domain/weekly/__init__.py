"""What is reported by the week: absence, production, referrals, the werkvoorraad."""
