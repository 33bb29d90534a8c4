"""The newsroom's roles: three groups with their permissions, as docs/editing.md tells them."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

EACH = ("view", "add", "change", "delete")
WRITER = [
    *(f"{verb}_{model}" for model in ("article", "section", "sourcelink", "comment") for verb in EACH),
    *("view_note", "add_note", "change_note"),
    *("view_commentator", "view_review", "view_address", "view_addresscheck"),
    *("view_picture", "add_picture", "view_tag", "add_tag"),
]
EDITOR = [
    *WRITER,
    *("edit_any_article", "approve_article", "view_event", "change_picture", "delete_picture", "change_address"),
    *(f"{verb}_{model}" for model in ("commentator", "draftlink", "tag") for verb in EACH),
]
PUBLISHER = [*EDITOR, "publish_article"]
GROUPS = {"ライター": WRITER, "編集者": EDITOR, "公開担当者": PUBLISHER}

# Until now whoever could change an article could change and publish all of them.
AS_BEFORE = ("edit_any_article", "approve_article", "publish_article")


def make_groups(apps, schema_editor):
    alias = schema_editor.connection.alias
    known = permissions(apps, alias)
    groups = apps.get_model("auth", "Group").objects.using(alias)
    users = apps.get_model("auth", "User").objects.using(alias)
    for group in groups.filter(permissions=known["change_article"]):
        group.permissions.add(*(known[name] for name in AS_BEFORE))
    for user in users.filter(user_permissions=known["change_article"]):
        user.user_permissions.add(*(known[name] for name in AS_BEFORE))
    for name, codenames in GROUPS.items():
        group, _ = groups.get_or_create(name=name)
        group.permissions.add(*(known[codename] for codename in codenames))


def permissions(apps, alias):
    """Permissions by code name. On a new site they are made after the last migration, which would be too late."""
    for label in ("articles", "taggit"):
        config = apps.get_app_config(label)
        if not getattr(config, "models_module", None):
            config.models_module = True  # what a model of the past lacks, and the makers of permissions look at
        create_permissions(config, verbosity=0, using=alias, apps=apps)
    rows = apps.get_model("auth", "Permission").objects.using(alias)
    found = rows.filter(content_type__app_label__in=("articles", "taggit"))
    return {permission.codename: permission for permission in found}


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0007_unsaved_text_outlives_its_article"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="article",
            options={
                "ordering": ["-changed_at", "-pk"],
                "permissions": [
                    ("edit_any_article", "Can edit the articles of others"),
                    ("approve_article", "Can approve articles"),
                    ("publish_article", "Can publish, schedule and withdraw articles"),
                ],
                "verbose_name": "article",
                "verbose_name_plural": "articles",
            },
        ),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
