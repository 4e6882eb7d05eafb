"""Legwise: leg massage devices, their evidence and their cautions, as tables one can question."""
