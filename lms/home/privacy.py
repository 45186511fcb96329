"""The front page holds nothing of anybody."""

from lms.rights.registry import nobodys

nobodys("home.HomePage", why="Words of the front page.", plain="why_both", link="page_ptr")
