// Shows the AsyncAPI document: channels, the messages each way, and the members of each message.
const viewer = document.getElementById('viewer');

function add(parent, tag, text) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
}

function resolve(root, value) {
  if (!value || !value.$ref) return value;
  const target = value.$ref
    .slice(2)
    .split('/')
    .reduce((at, key) => at[key.replace(/~1/g, '/').replace(/~0/g, '~')], root);
  return resolve(root, target);
}

function typeOf(schema) {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const type = [].concat(schema.type ?? 'any').join(' | ');
  return schema.items?.type ? `${type} of ${schema.items.type}` : type;
}

function members(root, parent, schema, path) {
  for (const [name, raw] of Object.entries(schema.properties ?? {})) {
    const member = resolve(root, raw);
    const row = add(parent, 'tr');
    add(add(row, 'td'), 'code', path + name + (schema.required?.includes(name) ? '' : '?'));
    add(row, 'td', typeOf(member));
    add(row, 'td', member.description ?? '');
    members(root, parent, member, `${path}${name}.`);
  }
}

function showSchema(root, parent, raw) {
  const schema = resolve(root, raw);
  for (const part of schema.oneOf ?? [schema]) {
    members(root, add(add(parent, 'table'), 'tbody'), resolve(root, part), '');
  }
}

function show(root) {
  add(viewer, 'h1', root.info.title);
  add(viewer, 'p', root.info.description);
  for (const operation of Object.values(root.operations)) {
    const channel = resolve(root, operation.channel);
    const section = add(viewer, 'section');
    add(section, 'h2', `${operation.action === 'receive' ? 'You send' : 'You get'}`);
    add(section, 'pre', `ws://${location.host}${channel.address}`);
    if (operation.summary) add(section, 'p', operation.summary);
    const messages = [...operation.messages, ...(operation.reply?.messages ?? [])];
    for (const raw of messages) {
      const message = resolve(root, raw);
      add(section, 'h3', message.name ?? raw.$ref.split('/').at(-1));
      add(section, 'p', message.summary ?? '');
      showSchema(root, section, message.payload);
    }
  }
}

const answer = await fetch('/asyncapi.json');
show(await answer.json());
