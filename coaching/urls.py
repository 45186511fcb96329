from django.urls import path

from coaching.views import agendas, paper, plans, visits

app_name = "coaching"
urlpatterns = [
    path("", visits.visits, name="visits"),
    path("agendas/new/", agendas.agenda_choose, name="agenda_choose"),
    path("agendas/new/<uuid:tie_id>/", agendas.agenda_new, name="agenda_new"),
    path("agendas/<uuid:public_id>/", agendas.agenda, name="agenda"),
    path("agendas/<uuid:public_id>/topics/new/", agendas.topic_new, name="topic_new"),
    path("agendas/<uuid:public_id>/topics/<int:item_id>/later/", agendas.topic_later, name="topic_later"),
    path(
        "agendas/<uuid:public_id>/topics/<int:item_id>/leave-out/",
        agendas.topic_leave_out,
        name="topic_leave_out",
    ),
    path("plans/new/", plans.plan_new, name="plan_new"),
    path("plans/new/from-practice/", plans.plan_from_practice, name="plan_from_practice"),
    path("plans/<uuid:public_id>/", plans.plan, name="plan"),
    path("plans/<uuid:public_id>/sure/", plans.plan_sure, name="plan_sure"),
    path("plans/<uuid:public_id>/easier/", plans.plan_easier, name="plan_easier"),
    path("plans/<uuid:public_id>/confidence/", plans.plan_confidence, name="plan_confidence"),
    path("plans/<uuid:public_id>/how-did-it-go/", plans.plan_follow_up, name="plan_follow_up"),
    path("plans/<uuid:public_id>/share/", plans.plan_share, name="plan_share"),
    path("plans/<uuid:public_id>/stop/", plans.plan_stop, name="plan_stop"),
    path("paper/agenda/", paper.agenda_sheet, name="paper_agenda"),
    path("paper/plan/", paper.plan_sheet, name="paper_plan"),
]
