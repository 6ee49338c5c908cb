"""What the law says in numbers: dated, cited, and where an office's own ordinance says otherwise.

Rules are facts told in our own words. The texts of the law are not here: an office loads them.
"""
