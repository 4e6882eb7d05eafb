"""What do the files say?"""
