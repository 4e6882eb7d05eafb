"""How many, honestly?"""
