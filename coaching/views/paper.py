"""Blank sheets to print, for those who would rather write by hand."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lms.core.policy import PUBLIC, policy


@policy(PUBLIC)
def agenda_sheet(request: HttpRequest) -> HttpResponse:
    return render(request, "coaching/paper_agenda.html")


@policy(PUBLIC)
def plan_sheet(request: HttpRequest) -> HttpResponse:
    return render(request, "coaching/paper_plan.html")
