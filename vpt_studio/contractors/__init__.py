"""Scripted players of the built-in world, who see, think and handle mouse and keys somewhat as people do."""

from vpt_studio.contractors.contractor import GOALS, Contractor, Span
from vpt_studio.contractors.motor import Input
from vpt_studio.contractors.styles import HELD_OUT_STYLES, STYLES, Style, style_named

__all__ = ["GOALS", "HELD_OUT_STYLES", "STYLES", "Contractor", "Input", "Span", "Style", "style_named"]
