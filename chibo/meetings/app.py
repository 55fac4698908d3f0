"""`chibo meetings` as a whole: its commands, from the modules that hold them."""

from chibo.meetings import after, figures, form, life, months, notices, papers, records, views

app = figures.app
for part in (views, life, form, after, records, notices, papers):
    app.add_typer(part.app)
app.command("months")(months.months)
app.command("plan")(months.plan)
app.command("calendar")(months.calendar)
app.command("watch")(months.watch)
app.command("interrupt")(months.interrupt)
app.command("interruptions")(months.interruptions)
app.command("interruption")(months.change)
