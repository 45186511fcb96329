"""Who may open the authors' own pages in the CMS."""

from lms.core.policy import Policy

EDITS = Policy("edits in the CMS", lambda request: request.user.has_perm("wagtailadmin.access_admin"))
