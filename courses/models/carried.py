"""What came from another installation, so that the next file from there finds it again."""

from django.db import models


class CarriedPage(models.Model):
    """A page that came in a file: what it was made of, and the revision that made it.

    A page whose latest revision is another one was edited here since, and is left as it is.
    """

    page = models.OneToOneField("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    revision_number = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return self.digest


class CarriedPicture(models.Model):
    """A picture that came in a file, by the name it had there: it was written again here, so its bytes are others."""

    image = models.OneToOneField("wagtailimages.Image", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.name
