"""Pictures in the admin: uploaded, described, looked for by the editor, deleted when unused."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy

from . import figures, images
from .admin_roles import RoleAdmin
from .errors import Refused
from .image_limits import LARGEST_FILE
from .models import Image
from .where_used import WhereUsed

FOUND_AT_ONCE = 24
ACCEPTED = "image/jpeg,image/png,image/webp,image/avif"


class ImageForm(forms.ModelForm):
    """The words of a picture."""

    class Meta:
        model = Image
        fields = list(images.WORDS)
        widgets = {
            "title": forms.TextInput(attrs={"class": "vTextField"}),
            "alt": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "credit": forms.TextInput(attrs={"class": "vTextField"}),
            "licence": forms.TextInput(attrs={"class": "vTextField"}),
        }

    def clean(self):
        """Described, or said to be decoration."""
        data = super().clean()
        if bool(data.get("is_decorative")) == bool(data.get("alt")):
            self.add_error(
                "alt",
                gettext("Describe the picture, or mark it as only decoration; one of the two."),
            )
        return data


class NewImageForm(ImageForm):
    """The same with the file; `prepared` is what it becomes."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
        help_text=gettext_lazy(
            "JPEG, PNG, WebP or AVIF, up to %(value)s MB. It is stored anew at "
            "several sizes; where it was taken and by what camera is dropped."
        )
        % {"value": LARGEST_FILE // 1024 // 1024},
    )

    class Meta(ImageForm.Meta):
        fields = ["file", *images.WORDS]

    def clean_file(self):
        """A picture that can be taken and is not here yet."""
        file = self.cleaned_data["file"]
        try:
            # One byte more than may be tells that it is too large.
            self.prepared = images.read(file.read(LARGEST_FILE + 1))
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return file


class ImageAdmin(WhereUsed, RoleAdmin, admin.ModelAdmin):
    """The pictures of this site."""

    view_action = "image.view"
    edit_action = "image.edit"
    add_action = "image.add"
    list_display = ["thumbnail", "title", "words", "credit", "licence", "size", "uploaded_at"]
    list_display_links = ["thumbnail", "title"]
    list_filter = ["is_decorative", "licence"]
    search_fields = ["title", "alt", "credit", "key"]
    export_columns = ["id", "key", "title", "alt", "is_decorative", "credit", "licence", "size"]
    change_form_template = "admin/editorial/image/change_form.html"

    def get_form(self, request, obj=None, change=False, **kwargs):
        """With the file only once."""
        kwargs["form"] = ImageForm if obj else NewImageForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request, obj=None):
        """The file first."""
        return list((ImageForm if obj else NewImageForm).Meta.fields)

    def save_form(self, request, form, change):
        return form.instance

    def save_model(self, request, obj, form, change):
        words = {name: form.cleaned_data[name] for name in images.WORDS}
        if change:
            images.describe(obj, by=request.user, **words)
        else:
            kept = images.upload(form.prepared, by=request.user, **words)
            obj.__dict__.update(kept.__dict__)

    def save_related(self, request, form, formsets, change):
        """Nothing is related."""

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """With the picture itself, and the way to what shows it."""
        image = self.get_object(request, object_id)
        extra = {"image": image, "src": image and small(image)}
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    # The list

    @admin.display(description=gettext_lazy("Picture"))
    def thumbnail(self, image):
        return format_html('<img src="{}" alt="{}" class="image-thumb">', small(image), "")

    @admin.display(description=gettext_lazy("Text in its place"), ordering="alt")
    def words(self, image):
        return image.alt or "only decoration"

    @admin.display(description=gettext_lazy("Pixels"), ordering="width")
    def size(self, image):
        return f"{image.width} × {image.height}"

    # More views

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("find/", wrap(self.find), name="editorial_image_find"),
            path("<int:pk>/remove/", wrap(self.remove), name="editorial_image_remove"),
            *super().get_urls(),
        ]

    def find(self, request):
        """JSON for the editor's dialog: the newest pictures with these words, or these keys."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = Image.objects.all()
        if keys := request.GET.get("keys"):
            found = found.filter(key__in=keys.split(",")[:100])
        for word in request.GET.get("q", "").split()[:8]:
            found = found.filter(
                Q(title__icontains=word) | Q(alt__icontains=word) | Q(credit__icontains=word)
            )
        return JsonResponse({"results": [as_found(image) for image in found[:FOUND_AT_ONCE]]})

    def remove(self, request, pk):
        """Ask, showing where it is used; on POST delete it, if nothing shows it."""
        image = get_object_or_404(Image, pk=pk)
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            try:
                images.delete(image, by=request.user)
            except Refused as refusal:
                messages.error(request, str(refusal))
                return redirect("admin:editorial_image_change", pk)
            messages.success(
                request, gettext("“%(image)s” is deleted, its files too.") % {"image": image}
            )
            return redirect("admin:editorial_image_changelist")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Delete “%(image)s”?") % {"image": image},
            "image": image,
            "src": small(image),
            "uses": images.shown_in(image).select_related("revision__page"),
        }
        return render(request, "admin/editorial/image/remove.html", context)


def small(image) -> str:
    """The address of its smallest file in the format that every browser reads."""
    return figures.address(image.file_name(image.widths[0], image.formats[-1]))


def as_found(image) -> dict:
    """What the editor's dialog shows of a picture."""
    return {
        "key": image.key,
        "title": image.title,
        "alt": image.alt,
        "src": small(image),
        "edit": reverse("admin:editorial_image_change", args=[image.pk]),
    }
