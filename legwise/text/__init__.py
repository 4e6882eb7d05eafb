"""How is it written?"""
