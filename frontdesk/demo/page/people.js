// Who works in the workspace, for mentions and menus of people.

const names = new Map();

// `{id, name}` each.
export function offerPeople(people) {
  names.clear();
  for (const { id, name } of people) names.set(id, name);
}

export const everybody = () => [...names];

export const nameOf = (id) => names.get(id) ?? id;
