"""Periods of high demand, in which replies may take longer, and the notice that tells of them."""

from bot.peaks.notice import Notice, NoticeWording, PeakRefused
from bot.peaks.peaks import Peak, Peaks

__all__ = ["Notice", "NoticeWording", "Peak", "PeakRefused", "Peaks"]
