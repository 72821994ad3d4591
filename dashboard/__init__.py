"""The admins' door: pages and JSON about conversations, people and leads.

How to add a page: write a handler and name it in a list of `Page`s; `shell.Dashboard` serves the list.

    async def leads(visit: Visit) -> Shown:
        return Shown(template="leads.html", values={"leads": await read(visit.query("status"))})

    PAGES = (Page(path="/leads", title="Leads", role=Role.VIEWER, handler=leads, nav="Leads"),)

- `path` begins below `/dashboard`; `{name}` in it is `visit.part("name")`. `nav` is the word in the navigation.
- The template lies in `dashboard/templates`, begins with `{% extends "shell.html" %}` and fills the block `content`.
  Links are written `{{ url("/leads") }}` and files `{{ asset("desk.css") }}`: that holds below a path of a proxy, too.
- A page with charts fills the block `scripts` with a `<script defer src>` of an asset. There is no inline script and no
  inline style: the policy refuses both.
- A handler that has something other than a page to show (a CSV) returns an aiohttp response.
- Who writes declares an `Action`: its form is a `Form`, and its handler returns `Written`, which is journalled.
  The form in the template carries `{{ token() }}`, the session's token. Whoever may not, or comes from elsewhere, never
  reaches the handler.
- JSON under `/api/v1` is an `Endpoint` (`dashboard/api.py`); its models make the OpenAPI document.

Every route names the least role that may use it, and the table in `tests/dashboard/test_roles.py` tries all of them.
"""
