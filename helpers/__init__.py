"""What the notebooks share: data in, pictures opened, figures shown, models kept.

What a chapter teaches stands in the chapter; what would distract from it stands here. Every module
imports only what Google Colab already has.
"""

from helpers.errors import CourseError
from helpers.start import start

__all__ = ["CourseError", "start"]
