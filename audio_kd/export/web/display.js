'use strict';
// What the page shows of `view`: lines of text, scores, events, picture.
const $ = id => document.getElementById(id);
const model = JSON.parse($('facts').textContent);
const windowSeconds = model.n_samples/model.sample_rate; // of one prediction
const liveSeconds = 10; // that the picture of a microphone shows
const hasEvents = model.scores !== 'none';
const scoresTitle = hasEvents ? 'Scores' : 'Numbers';

let view = null; // the recording or microphone that is shown, with all that is known of it

// --- lines of text ---

function say(text, isError = false) {
  $('status').textContent = text;
  $('status').classList.toggle('error', isError);
}

const clock = (t, digits = 2) => t < 60 ? t.toFixed(digits)
  : `${Math.floor(t/60)}:${(t%60).toFixed(digits).padStart(digits ? 3 + digits : 2, '0')}`;
const span = ({start, end}) => `${clock(start)}–${clock(end)}${end < 60 ? ' s' : ''}`;
const size = bytes => bytes < 1e6 ? `${Math.round(bytes/1e3)} kB` : `${(bytes/1e6).toFixed(1)} MB`;
const isolated = text => { // a label of any script beside other text
  const element = document.createElement('bdi');
  element.dir = 'auto';
  element.textContent = text;
  return element;
};

// --- scores ---

const mostShown = 12; // classes
let rows; // of each head: elements by class

function makeRows() {
  $('scores').replaceChildren();
  return model.heads.map(({name, labels}) => {
    const list = document.createElement('ul'), more = document.createElement('p');
    list.className = 'scores';
    more.className = 'hint';
    if (labels.length > mostShown) more.textContent = `${mostShown} of ${labels.length}`;
    if (name !== null) {
      const title = document.createElement('h3');
      title.append(isolated(name));
      $('scores').append(title);
    }
    $('scores').append(list, more);
    const elements = labels.map(makeRow);
    list.replaceChildren(...elements.slice(0, mostShown).map(o => o.element));
    return {list, order: '', elements};
  });
}

function makeRow(label) {
  const element = document.createElement('li'), number = document.createElement('b');
  element.append(isolated(label), ' ', number);
  if (!hasEvents) return {element, number};
  const bar = document.createElement('span'), fill = document.createElement('i');
  bar.className = 'bar';
  bar.append(fill);
  element.append(bar);
  return {element, number, fill};
}

function scoresNow() { // [probabilities of each head, title]
  if (view.live) return [smoothed(), `${scoresTitle} now`];
  const t = $('player').currentTime;
  if (!t || $('player').ended || !view.windows.length) return [view.whole, `${scoresTitle} of the recording`];
  const middle = t + windowSeconds/2; // of the window around this moment
  const i = Math.min(view.windows.length - 1, Math.max(0, Math.round(middle/model.hop) - 1));
  return [view.windows[i][1], `${scoresTitle} at ${clock(t, 1)} s`];
}

function smoothed() { // mean of the last windows, as for events
  const recent = view.windows.slice(-model.events.smooth).map(([, probs]) => probs);
  const mean = (h, i) => recent.reduce((sum, o) => sum + o[h][i], 0)/recent.length;
  return recent.length && model.heads.map(({labels}, h) => labels.map((_, i) => mean(h, i)));
}

function showScores() {
  const [probs, title] = scoresNow();
  if (!probs) return;
  if ($('scores-title').textContent !== title) $('scores-title').textContent = title;
  model.heads.forEach((head, h) => {
    const {list, elements} = rows[h], values = Array.from(probs[h]);
    // a short list keeps its order while the scores move
    const order = view.live && values.length <= mostShown ? values.map((_, i) => i)
      : values.map((_, i) => i).sort((a, b) => hasEvents ? values[b] - values[a] : a - b).slice(0, mostShown);
    const holds = new Set(decide(values, head, model.scores));
    for (const i of order) {
      const {element, number, fill} = elements[i], value = values[i];
      number.textContent = hasEvents ? value.toFixed(3) : value.toPrecision(4);
      if (fill) fill.style.width = `${value < .005 ? 0 : 100*value}%`;
      element.classList.toggle('on', holds.has(head.labels[i]) && (!view.live || value >= model.events.on));
    }
    if (rows[h].order === order.join()) return;
    rows[h].order = order.join();
    list.replaceChildren(...order.map(i => elements[i].element));
  });
}

function showResult() { // what the recording is, as AudioClassifier.predict says it
  if (!hasEvents) return;
  const note = document.createElement('small');
  const parts = model.heads.map((head, h) => {
    const part = document.createElement('span'), labels = decide(view.whole[h], head, model.scores);
    if (head.name !== null) part.append(isolated(head.name), ': ');
    labels.forEach((o, i) => part.append(i ? ', ' : '', isolated(o)));
    if (!labels.length) part.append('no label');
    return part;
  });
  parts.forEach((o, i) => $('result').append(i ? ' · ' : '', o));
  const rule = model.scores === 'sigmoid' ? 'highest' : 'mean';
  if (view.scored > 1) note.textContent = ` by the ${rule} of ${view.scored} windows`;
  else if (!model.any_length && view.seconds > 1.01*windowSeconds)
    note.textContent = ` in its middle ${windowSeconds} s`;
  $('result').append(note);
}

// --- events ---

const mostRows = 500; // of the table; the CSV has all

function addEvents(events) {
  view.events.push(...events);
  $('count').textContent = view.events.length || '';
  $('events-table').hidden = $('save').hidden = !view.events.length;
  $('no-events').hidden = view.events.length > 0;
  const table = $('events');
  for (const event of events) table.insertBefore(eventRow(event), view.live ? table.firstChild : null);
  while (table.rows.length > mostRows) table.deleteRow(view.live ? -1 : 0); // the oldest
  if (events.length && view.live) {
    const {head, label} = events.at(-1);
    $('announce').textContent = `${head === null ? '' : `${head}: `}${label}, ${span(events.at(-1))}`;
  }
}

function eventRow(event) {
  const row = document.createElement('tr'), cells = [0, 1, 2].map(() => row.insertCell());
  if (view.live) cells[0].textContent = span(event);
  else {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = `▸ ${span(event)}`;
    button.setAttribute('aria-label', `Play ${span(event)}, ${event.label}`);
    button.onclick = () => playFrom(event.start);
    cells[0].append(button);
  }
  if (event.head !== null) cells[1].append(isolated(event.head), ': ');
  cells[1].append(isolated(event.label));
  cells[2].textContent = event.score.toFixed(3);
  cells[2].className = 'number';
  return row;
}

function playFrom(t) {
  $('player').currentTime = t;
  $('player').play();
}

function csv() { // as EventTable writes it
  const head = model.heads[0].name === null ? [] : ['head'];
  const columns = ['file', ...head, 'label', 'start', 'end', 'score', 'error'];
  const quoted = o => /[",\r\n]/.test(o) ? `"${o.replaceAll('"', '""')}"` : String(o);
  const digits = ({start, end}) => ({start: start.toFixed(3), end: end.toFixed(3)});
  const events = view.events.map(o => ({...o, ...digits(o), file: view.name}));
  const lines = [columns, ...events.map(o => columns.map(name => o[name] ?? ''))];
  return lines.map(o => o.map(quoted).join(',') + '\r\n').join('');
}

// --- picture ---

let isDue = false;

function drawSoon() {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => { isDue = false; draw(); });
}

const scratch = document.createElement('canvas');
const themed = name => getComputedStyle(document.documentElement).getPropertyValue(name);

function colors() { // [[r, g, b], ...] from quiet to loud
  const stops = ['--quiet', '--middle', '--loud'].map(o => themed(o).trim().split(/\s+/).map(Number));
  return Array.from({length: 256}, (_, i) => {
    const x = i/127.5, [a, b] = x < 1 ? stops : stops.slice(1);
    return a.map((o, k) => o + (b[k] - o)*(x - (x < 1 ? 0 : 1)));
  });
}

function draw() {
  const canvas = $('picture'), scale = devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(canvas.clientWidth*scale));
  canvas.height = Math.max(1, Math.round(canvas.clientHeight*scale));
  const context = canvas.getContext('2d'), lane = hasEvents ? 27*scale : 0;
  const from = view.live ? view.seconds - liveSeconds : 0, to = view.live ? view.seconds : view.seconds || 1;
  const x = t => (t - from)/(to - from)*canvas.width;
  if (view.columns.length) {
    paint(view.columns);
    const width = view.live ? canvas.width*view.columns.length/(50*liveSeconds) : canvas.width;
    context.drawImage(scratch, canvas.width - width, lane, width, canvas.height - lane);
  }
  drawLane(context, x, lane, scale, canvas.width);
  drawAxis(from, to);
}

function paint(columns) { // onto the scratch canvas, a pixel for each value
  const bands = model.bands, palette = colors();
  scratch.width = columns.length;
  scratch.height = bands;
  const context = scratch.getContext('2d'), image = context.createImageData(columns.length, bands);
  let top = view.live ? 0 : -30; // quiet rooms stay dark
  for (const column of columns) for (const o of column) top = Math.max(top, o);
  columns.forEach((column, i) => column.forEach((o, band) => {
    const color = palette[Math.max(0, Math.min(255, Math.round(255*Math.max(0, 1 + (o - top)/65)**1.4)))];
    const at = 4*((bands - 1 - band)*columns.length + i);
    image.data.set([...color, 255], at);
  }));
  context.putImageData(image, 0, 0);
}

function drawLane(context, x, lane, scale, width) { // names and extents of the events, above the spectrogram
  const events = [...view.events].sort((a, b) => a.start - b.start);
  context.font = `${12*scale}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  events.forEach(({start, end, label}, i) => {
    const left = x(start), right = Math.max(x(end), left + 3*scale);
    const next = i + 1 < events.length ? x(events[i + 1].start) : width; // where the name has to end
    if (right < 0 || left > width) return;
    context.fillStyle = themed('--bar');
    context.beginPath();
    context.roundRect(left, lane - 7*scale, right - left, 5*scale, 2.5*scale);
    context.fill();
    const length = context.measureText(label).width;
    if (length > next - left - 4*scale) return; // it is in the list
    context.fillStyle = themed('--ink');
    context.fillText(label, Math.min(Math.max(left, 0), width - length), lane/2 - 4*scale);
  });
}

function drawAxis(from, to) {
  const most = $('axis').clientWidth < 500 ? 4 : 8;
  const step = steps.find(o => (to - from)/o <= most) ?? (to - from)/most;
  const at = (t, text) => {
    const mark = document.createElement('span');
    mark.textContent = text;
    mark.style.left = `${100*(t - from)/(to - from)}%`;
    return mark;
  };
  const marks = [];
  if (view.live) for (let t = liveSeconds; t >= 0; t -= step) marks.push(at(to - t, t ? `−${t} s` : 'now'));
  else {
    for (let i = 0; i*step <= to - .6*step; i++) marks.push(at(i*step, clock(i*step, step < 1 ? 1 : 0)));
    marks.push(at(to, clock(to, 1) + (to < 60 ? ' s' : '')));
  }
  $('axis').replaceChildren(...marks);
}
const steps = [.1, .2, .5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600]; // seconds

function followPlayer() {
  if (!view || view.live) return;
  const t = $('player').currentTime;
  $('cursor').hidden = !t;
  $('cursor').style.left = `${100*t/(view.seconds || 1)}%`;
  showScores();
  if (!$('player').paused) requestAnimationFrame(followPlayer);
}
