// Cards of the board are dragged from column to column: it sends the form that stands on the card.
(() => {
  let dragged = null;
  const column = (event) => event.target.closest?.(".column");
  addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.(".lead") ?? null;
    if (dragged) event.dataTransfer.effectAllowed = "move";
  });
  addEventListener("dragend", () => {
    dragged = null;
    document.querySelectorAll(".column.over").forEach((one) => one.classList.remove("over"));
  });
  addEventListener("dragover", (event) => {
    const over = column(event);
    document.querySelectorAll(".column.over").forEach((one) => one.classList.toggle("over", one === over));
    if (!dragged || !over) return;
    event.preventDefault();
    over.classList.add("over");
  });
  addEventListener("drop", (event) => {
    const to = column(event);
    const form = dragged?.querySelector("form");
    if (!to || !form) return;
    event.preventDefault();
    if (form.stage.value === to.dataset.stage && to.contains(form)) return;
    form.stage.value = to.dataset.stage;
    form.requestSubmit();
  });
})();
