"""How each mood sounds: its patterns, instruments and the order of its layers."""

from photoplayer.compose.band.styles.table import STYLES, Role, Style, role_for

__all__ = ["STYLES", "Role", "Style", "role_for"]
