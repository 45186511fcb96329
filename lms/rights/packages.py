"""The registry's lines for the models of packages."""

from django.contrib.admin.models import LogEntry
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry

from lms.rights.registry import CLEAR, DELETE, classify, nobodys
from lms.rights.traces import done_jobs_about, log_entries_about, sessions_of, waiting_jobs_about

SITE_CONTENT = _("What is published belongs to the site. Your name no longer stands beside it.")
CMS_HISTORY = _("The history of the site's pages stays. Your name no longer stands beside it.")

# Signing in
classify(
    "account.EmailAddress",
    whose="user",
    label=_("Your email addresses"),
    erase=DELETE,
    retention="account",
    contact="email",
    record="verified primary",
    link="user",
    plain="id",
    labels={"email": _("Address"), "verified": _("Confirmed"), "primary": _("Main address")},
)
classify(
    "account.EmailConfirmation",
    whose="email_address__user",
    label=_("Links sent to confirm an address"),
    erase=DELETE,
    retention="account",
    record="created sent",
    sealed="key",
    link="email_address",
    plain="id",
)
classify(
    "mfa.Authenticator",
    whose="user",
    label=_("Your other ways to sign in"),
    erase=DELETE,
    retention="account",
    record="type created_at last_used_at",
    sealed="data",
    link="user",
    plain="id",
    labels={"type": _("Kind"), "created_at": _("Set up"), "last_used_at": _("Last used")},
)
classify(
    "usersessions.UserSession",
    whose="user",
    label=_("Where you are signed in"),
    erase=DELETE,
    retention="sessions",
    contact="ip user_agent",
    record="created_at last_seen_at",
    sealed="session_key data",
    link="user",
    plain="id",
    labels={
        "ip": _("Internet address"),
        "user_agent": _("Browser"),
        "created_at": _("Signed in"),
        "last_seen_at": _("Last seen"),
    },
)
classify(
    "socialaccount.SocialAccount",
    whose="user",
    label=_("Accounts elsewhere that you sign in with"),
    erase=DELETE,
    retention="account",
    identity="uid extra_data",
    record="provider last_login date_joined",
    link="user",
    plain="id",
    labels={"uid": _("Your number there"), "extra_data": _("What they told us"), "provider": _("Where")},
)
classify(
    "socialaccount.SocialToken",
    whose="account__user",
    label=_("Keys to accounts elsewhere"),
    erase=DELETE,
    retention="account",
    record="expires_at",
    sealed="token token_secret",
    link="app account",
    plain="id",
)
nobodys(
    "socialaccount.SocialApp",
    why="How the site itself is known to a sign-in service; set by whoever runs it.",
    plain="id provider provider_id name client_id secret key settings",
)
classify(
    "sessions.Session",
    find=sessions_of,
    label=_("Your sessions"),
    erase=DELETE,
    retention="sessions",
    record="expire_date",
    sealed="session_key session_data",
    labels={"expire_date": _("Ends")},
)
classify(
    "people.User_groups",
    whose="user",
    label=_("Editor groups you are in"),
    erase=DELETE,
    retention="account",
    link="user group",
    plain="id",
)
classify(
    "people.User_user_permissions",
    whose="user",
    label=_("Permissions given to you"),
    erase=DELETE,
    retention="account",
    link="user permission",
    plain="id",
)
nobodys("auth.Permission", why="Names of permissions.", plain="id name codename", link="content_type")
nobodys("auth.Group", why="Names of groups of editors.", plain="id name")
nobodys("auth.Group_permissions", why="What a group may do.", plain="id", link="group permission")
nobodys("contenttypes.ContentType", why="Names of models.", plain="id app_label model")

# Jobs
classify(
    "django_q.OrmQ",
    find=waiting_jobs_about,
    label=_("Jobs that wait and name you"),
    erase=DELETE,
    retention="jobs",
    record="lock",
    sealed="payload",
    plain="id key",
)
classify(
    "django_q.Task",
    find=done_jobs_about,
    label=_("Jobs that were done and name you"),
    erase=DELETE,
    retention="jobs",
    record="started stopped success",
    sealed="args kwargs result",
    plain="id name func hook group cluster attempt_count",
)
nobodys(
    "django_q.Schedule",
    why="Which of the site's jobs runs when.",
    plain="id name func hook args kwargs schedule_type minutes repeats next_run cron task cluster intended_date_kwarg",
)

# Editing the site
classify(
    "admin.LogEntry",
    find=log_entries_about(LogEntry),
    label=_("What was done in the site's admin"),
    erase=CLEAR,
    clear="object_repr change_message",
    why=CMS_HISTORY,
    retention="audit",
    record="action_time object_repr action_flag change_message",
    link="user content_type",
    plain="id object_id",
)
classify(
    "wagtailcore.ModelLogEntry",
    find=log_entries_about(ModelLogEntry),
    label=_("What was done in the site's editor"),
    erase=CLEAR,
    clear="label data",
    cleared={"label": "-"},
    why=CMS_HISTORY,
    retention="audit",
    record="label action data timestamp",
    link="content_type user revision",
    plain="id uuid content_changed deleted object_id",
)
classify(
    "wagtailcore.PageLogEntry",
    whose="user",
    label=_("What you did with pages"),
    why=CMS_HISTORY,
    retention="audit",
    record="label action timestamp",
    link="content_type user revision page",
    plain="id data uuid content_changed deleted",
)
classify(
    "wagtailcore.Page",
    whose="owner locked_by",
    label=_("Pages you made"),
    why=SITE_CONTENT,
    record="title first_published_at last_published_at",
    link="locale latest_revision live_revision locked_by content_type owner alias_of",
    plain="id path depth numchild translation_key live has_unpublished_changes go_live_at expire_at expired locked "
    "locked_at draft_title slug url_path seo_title show_in_menus search_description latest_revision_created_at",
)
classify(
    "wagtailcore.Revision",
    whose="user",
    label=_("Versions of pages that you saved"),
    why=SITE_CONTENT,
    record="object_str created_at",
    link="content_type base_content_type user",
    plain="id object_id content approved_go_live_at",
)
classify(
    "wagtailimages.Image",
    whose="uploaded_by_user",
    label=_("Pictures you added"),
    why=SITE_CONTENT,
    record="title description created_at",
    link="collection uploaded_by_user",
    plain="id file width height focal_point_x focal_point_y focal_point_width focal_point_height file_size file_hash",
)
classify(
    "wagtaildocs.Document",
    whose="uploaded_by_user",
    label=_("Documents you added"),
    why=SITE_CONTENT,
    record="title created_at",
    link="collection uploaded_by_user",
    plain="id file file_size file_hash",
)
classify(
    "wagtailcore.UploadedFile",
    whose="uploaded_by_user",
    label=_("Files on their way"),
    erase=DELETE,
    retention="forms",
    record="file",
    link="for_content_type uploaded_by_user",
    plain="id",
)
classify(
    "wagtailcore.WorkflowState",
    whose="requested_by",
    label=_("Reviews you asked for"),
    why=CMS_HISTORY,
    record="status created_at",
    link="content_type base_content_type workflow requested_by current_task_state",
    plain="id object_id",
)
classify(
    "wagtailcore.TaskState",
    whose="finished_by",
    label=_("Reviews you finished"),
    erase=CLEAR,
    clear="comment",
    why=CMS_HISTORY,
    record="status started_at finished_at comment",
    link="workflow_state revision task finished_by content_type",
    plain="id",
)
classify(
    "wagtailcore.Comment",
    whose="user resolved_by",
    label=_("Comments on pages"),
    erase=DELETE,
    retention="account",
    record="text created_at updated_at resolved_at",
    link="page user revision_created resolved_by",
    plain="id contentpath position",
)
classify(
    "wagtailcore.CommentReply",
    whose="user",
    label=_("Answers to comments"),
    erase=DELETE,
    retention="account",
    record="text created_at updated_at",
    link="comment user",
    plain="id",
)
classify(
    "wagtailcore.PageSubscription",
    whose="user",
    label=_("Pages you follow"),
    erase=DELETE,
    retention="account",
    record="comment_notifications",
    link="user page",
    plain="id",
)
classify(
    "wagtailadmin.EditingSession",
    whose="user",
    label=_("Pages you have open for editing"),
    erase=DELETE,
    retention="sessions",
    record="last_seen_at is_editing",
    link="user content_type",
    plain="id object_id",
)
classify(
    "wagtailadmin.FormState",
    whose="user",
    label=_("Drafts of pages that the editor keeps"),
    erase=DELETE,
    retention="sessions",
    record="data last_updated_at",
    link="user content_type",
    plain="id object_id parent_object_id",
)
classify(
    "wagtailusers.UserProfile",
    whose="user",
    label=_("How you set up the editor"),
    erase=DELETE,
    retention="account",
    identity="avatar",
    record="submitted_notifications approved_notifications rejected_notifications updated_comments_notifications "
    "preferred_language current_time_zone dismissibles theme contrast density keyboard_shortcuts",
    link="user",
    plain="id",
)
classify(
    "wagtail_localize.StringTranslation",
    whose="last_translated_by",
    label=_("Words of courses that you translated"),
    why=SITE_CONTENT,
    record="data created_at updated_at",
    link="translation_of locale context last_translated_by",
    plain="id translation_type tool_name has_error field_error",
)
classify(
    "wagtail_localize.SegmentOverride",
    whose="last_translated_by",
    label=_("What you chose for another language"),
    why=SITE_CONTENT,
    record="data_json created_at updated_at",
    link="locale context last_translated_by",
    plain="id has_error field_error",
)

# Nobody's
nobodys(
    "wagtailsearchpromotions.Query",
    why="Words that were searched for, without who or from where. Swept away after some days.",
    plain="id query_string",
)
nobodys(
    "wagtailsearchpromotions.QueryDailyHits", why="Counts of searches.", plain="id date hits", link="query"
)
nobodys(
    "wagtailsearchpromotions.SearchPromotion",
    why="Pages that editors put first.",
    plain="id external_link_url external_link_text description sort_order",
    link="query page",
)
nobodys(
    "wagtailredirects.Redirect",
    why="Old addresses of pages.",
    plain="id old_path is_permanent redirect_page_route_path redirect_link automatically_created created_at",
    link="site redirect_page",
)
nobodys(
    "wagtailimages.Rendition",
    why="Sizes of pictures.",
    plain="id filter_spec file width height focal_point_key",
    link="image",
)
nobodys(
    "wagtailsearch.IndexEntry",
    why="The index of pages, pictures and documents; people and what they write are not in it.",
    # PostgreSQL keeps vectors beside the texts.
    plain="id object_id title_norm autocomplete title body title_text body_text",
    link="content_type",
    varies=True,
)
nobodys(
    "wagtailsearch.SQLiteFTSIndexEntry",
    why="The same index, as SQLite keeps it.",
    plain="autocomplete title body",
    link="index_entry",
    varies=True,
)
nobodys("wagtailadmin.Admin", why="Has no rows.", plain="id")
nobodys("wagtailcore.Locale", why="Languages.", plain="id language_code")
nobodys(
    "wagtailcore.Site",
    why="The site's names.",
    plain="id hostname port site_name is_default_site",
    link="root_page",
)
nobodys(
    "wagtailcore.GroupSitePermission", why="What a group may do.", plain="id", link="group site permission"
)
nobodys(
    "wagtailcore.GroupCollectionPermission",
    why="What a group may do.",
    plain="id",
    link="group collection permission",
)
nobodys(
    "wagtailcore.GroupPagePermission", why="What a group may do.", plain="id", link="group page permission"
)
nobodys(
    "wagtailcore.CollectionViewRestriction",
    why="Which folders are closed; a password here is the folder's.",
    plain="id restriction_type password",
    link="collection",
)
nobodys(
    "wagtailcore.CollectionViewRestriction_groups",
    why="Which groups may open a folder.",
    plain="id",
    link="collectionviewrestriction group",
)
nobodys(
    "wagtailcore.PageViewRestriction",
    why="Which pages are closed; a password here is the page's.",
    plain="id restriction_type password",
    link="page",
)
nobodys(
    "wagtailcore.PageViewRestriction_groups",
    why="Which groups may open a page.",
    plain="id",
    link="pageviewrestriction group",
)
nobodys("wagtailcore.Collection", why="Folders of pictures.", plain="id path depth numchild name")
nobodys("wagtailcore.WorkflowContentType", why="How reviews go.", plain="", link="content_type workflow")
nobodys("wagtailcore.Workflow", why="How reviews go.", plain="id name active")
nobodys("wagtailcore.WorkflowTask", why="How reviews go.", plain="id sort_order", link="workflow task")
nobodys("wagtailcore.Task", why="How reviews go.", plain="id name active", link="content_type")
nobodys("wagtailcore.GroupApprovalTask", why="How reviews go.", plain="", link="task_ptr")
nobodys(
    "wagtailcore.GroupApprovalTask_groups",
    why="How reviews go.",
    plain="id",
    link="groupapprovaltask group",
)
nobodys("wagtailcore.WorkflowPage", why="How reviews go.", plain="", link="page workflow")
nobodys(
    "wagtailcore.ReferenceIndex",
    why="Which page uses which.",
    plain="id object_id to_object_id model_path content_path content_path_hash",
    link="content_type base_content_type to_content_type",
)
nobodys("taggit.Tag", why="Words that editors file pictures under.", plain="id name slug")
nobodys(
    "taggit.TaggedItem",
    why="What is filed under which word.",
    plain="id object_id",
    link="tag content_type",
)
for model, fields, links in (
    ("TranslatableObject", "translation_key", "content_type"),
    (
        "TranslationSource",
        "id object_repr content_json schema_version created_at last_updated_at",
        "object specific_content_type locale",
    ),
    (
        "Translation",
        "id uuid created_at translations_last_updated_at destination_last_updated_at enabled",
        "source target_locale",
    ),
    ("TranslationLog", "id created_at", "source locale revision"),
    ("String", "id data_hash data", "locale"),
    ("TranslationContext", "id path_id path field_path", "object"),
    ("Template", "id uuid template template_format string_count", ""),
    ("StringSegment", "id order attrs", "source context string"),
    ("TemplateSegment", "id order", "source context template"),
    ("RelatedObjectSegment", "id order", "source context object"),
    ("OverridableSegment", "id order data_json", "source context"),
    ("LocaleSynchronization", "id", "locale sync_from"),
):
    nobodys(
        f"wagtail_localize.{model}",
        why="Words of courses on their way into another language.",
        plain=fields,
        link=links,
    )
