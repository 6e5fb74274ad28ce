'use strict';
const $ = id => document.getElementById(id);
const model = JSON.parse($('facts').textContent);
const window_ = model.n_samples/model.sample_rate; // seconds of one prediction
const liveSeconds = 10; // that the picture of a microphone shows
const hasEvents = model.scores !== 'none';
const scoresTitle = hasEvents ? 'Scores' : 'Numbers';
const csvColumns = ['file', ...(model.heads[0].name === null ? [] : ['head']), 'label', 'start', 'end', 'score', 'error'];

let worker; // runs the network
let view = null; // what is shown: the recording or microphone, with all that is known of it
let microphone = null; // the open one

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

// --- start ---

const storeName = `audio_kd ${location.pathname} ${model.build}`;

async function openStore() { // the browser's cache, where the page may have one
  if (!('caches' in window)) return null;
  try {
    for (const name of await caches.keys())
      if (name.startsWith(`audio_kd ${location.pathname} `) && name !== storeName) await caches.delete(name);
    return await caches.open(storeName);
  } catch { return null; }
}

async function load(store, file) { // ArrayBuffer
  const stored = await store?.match(file.url);
  if (stored) return stored.arrayBuffer();
  const lacks = `${file.name} could not be loaded, or is not the file that this page was written for: ${file.remedy}.`;
  const response = await fetch(file.url, {integrity: file.integrity}).catch(() => { throw new Error(lacks); });
  if (!response.ok) throw new Error(lacks);
  const bytes = await response.arrayBuffer();
  await store?.put(file.url, new Response(bytes)).catch(() => {}); // no space: it is loaded again next time
  return bytes;
}

async function keepPage(store) { // whether the page opens without a network from now on
  if (!store || !navigator.serviceWorker) return false;
  try {
    await navigator.serviceWorker.register('sw.js');
    const response = await fetch('./');
    if (response.ok) await store.put(new URL('./', location), response);
    const stored = await Promise.all([new URL('./', location).href, ...files.map(o => o.url)].map(o => store.match(o)));
    return stored.every(Boolean);
  } catch { return false; }
}

const files = [model.script, model.wasm, model.file];

async function start() {
  if (location.protocol === 'file:')
    throw new Error('A page opened as a file can not load its network: run "python3 -m http.server" in this folder, then open http://localhost:8000');
  if (!('WebAssembly' in window)) throw new Error('This browser has no WebAssembly, which runs the network: use a current one.');
  say(`Loading ${size(files.reduce((sum, o) => sum + o.bytes, 0))}: the network and what runs it`);
  const store = await openStore();
  const [script, wasm, file] = await Promise.all(files.map(o => load(store, o)));
  const code = [$('core').textContent, $('worker').textContent].join('\n');
  worker = new Worker(URL.createObjectURL(new Blob([code], {type: 'text/javascript'})));
  worker.onmessage = ({data}) => receive(data);
  worker.onerror = event => say(`The network could not be started: ${event.message}`, true);
  worker.postMessage({type: 'start', facts: model, script, wasm, file}, [script, wasm, file]);
  offline = keepPage(store);
}
let offline; // Promise of whether the page opens without a network

// --- what the worker sends ---

const receivers = {
  async ready() {
    $('microphone').disabled = $('file').disabled = false;
    say('Ready.');
    if (await offline && !view) say('Ready. From now on this page works without a network too.');
  },
  failed({during, message}) {
    say(during === 'start' ? `The network could not be started: ${message}` : `This could not be scored: ${message}`, true);
    if (during === 'live') stopMicrophone();
    $('progress').hidden = true;
  },
  picture({seconds, columns}) {
    Object.assign(view, {seconds, columns});
    $('length').textContent = `${clock(seconds, 1)}${seconds < 60 ? ' s' : ''}`;
    drawSoon();
  },
  progress({share}) { $('progress').value = share; },
  whole({probs, windows}) {
    view.whole = probs;
    view.scored = windows;
    showResult();
    showScores();
  },
  columns({columns, seconds, silent}) {
    view.columns.push(...columns);
    view.columns.splice(0, view.columns.length - 50*liveSeconds);
    view.seconds = seconds;
    $('length').textContent = clock(Math.floor(seconds), 0) + (seconds < 60 ? ' s' : '');
    if (silent && seconds > 3) say('The microphone gives silence only: is it muted?');
    drawSoon();
  },
  window({time, probs, events, hop}) {
    view.windows.push([time, probs.map(o => Float32Array.from(o))]);
    if (view.live && view.windows.length > 20) view.windows.shift();
    addEvents(events);
    if (!view.live) return;
    if (hop > view.hop) { // a slow device
      view.hop = hop;
      say(`The microphone is on: a prediction every ${hop.toFixed(1)} s, which is what this device can do.`);
    }
    showScores();
  },
  end({events}) {
    addEvents(events);
    $('progress').hidden = true;
    const n = view.events.length, what = view.live ? 'The microphone is off' : `${view.name} is done`;
    say(hasEvents ? `${what}: ${n || 'no'} ${n === 1 ? 'event' : 'events'}.` : `${what}.`);
    drawSoon();
  },
};

function receive(data) {
  if (data.id !== undefined && data.id !== view?.id) return; // of what was shown before
  receivers[data.type](data);
}

// --- recordings and the microphone ---

let lastId = 0;

function show(name, live) { // an empty view
  if (view?.url) URL.revokeObjectURL(view.url);
  view = {id: ++lastId, name, live, seconds: 0, columns: [], windows: [], events: [], whole: null, url: null, hop: model.hop};
  $('source').textContent = name;
  $('length').textContent = '';
  $('result').replaceChildren();
  $('events').replaceChildren();
  $('player').hidden = $('cursor').hidden = true;
  $('player').removeAttribute('src');
  $('progress').hidden = live;
  $('progress').value = 0;
  $('sound').hidden = false;
  rows = makeRows();
  $('scores-title').textContent = scoresTitle;
  addEvents([]);
  drawSoon();
  return view.id;
}

async function decode(file) { // {channels, rate}, null where the browser can't
  const bytes = await file.arrayBuffer(), view = new Uint8Array(bytes);
  const wav = readWav(view);
  if (wav) return wav;
  const rate = sourceRate(view); // of the decoder too, so that the browser changes nothing
  const exact = isFlac16(view) ? exact16 : o => o; // decoding takes the bytes away
  const context = new OfflineAudioContext(1, 1, rate >= 8000 && rate <= 96000 ? rate : 48000);
  const audio = await context.decodeAudioData(bytes).catch(() => null);
  if (!audio) return null;
  return {channels: Array.from({length: audio.numberOfChannels}, (_, i) => exact(audio.getChannelData(i).slice())), rate: audio.sampleRate};
}

async function openRecording(file) {
  stopMicrophone();
  say(`Reading ${file.name}`);
  const sound = await decode(file);
  if (!sound) return say(`${file.name}: not a recording that this browser can read. Try wav, flac, mp3, ogg or m4a.`, true);
  if (!sound.channels[0].length) return say(`${file.name}: holds no sound.`, true);
  const id = show(file.name, false);
  view.url = URL.createObjectURL(file);
  $('player').src = view.url;
  $('player').hidden = false;
  say(`Scoring ${file.name}`);
  worker.postMessage({type: 'recording', id, ...sound}, sound.channels.map(o => o.buffer));
  $('sound-title').focus();
}

const refusals = {
  NotAllowedError: 'The microphone was refused: allow it for this page in the browser, then press the button again.',
  NotFoundError: 'There is no microphone: connect one, or open a recording.',
  NotReadableError: 'The microphone can not be opened: another program may be using it.',
};

async function startMicrophone() {
  if (!navigator.mediaDevices?.getUserMedia)
    return say('Browsers give the microphone to pages from https:// or localhost only. Recordings can be opened here.', true);
  const stage = microphone = {}; // pressed again meanwhile: another one, or null
  try {
    // as it comes: what cleans speech for calls removes other sounds
    stage.stream = await navigator.mediaDevices.getUserMedia({audio: {channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false}});
    stage.context = new AudioContext();
    await stage.context.audioWorklet.addModule(URL.createObjectURL(new Blob([$('worklet').textContent], {type: 'text/javascript'})));
  } catch (e) {
    release(stage);
    if (microphone === stage) microphone = null;
    return say(refusals[e.name] ?? `The microphone can not be opened: ${e.message}`, true);
  }
  if (microphone !== stage) return release(stage);
  const node = new AudioWorkletNode(stage.context, 'microphone');
  const id = show('Microphone', true);
  worker.postMessage({type: 'live', id, rate: stage.context.sampleRate});
  node.port.onmessage = ({data}) => worker.postMessage({type: 'samples', samples: data}, [data.buffer]);
  stage.context.createMediaStreamSource(stage.stream).connect(node).connect(stage.context.destination); // which gets silence
  stage.context.resume();
  stage.stream.getTracks()[0].onended = () => { if (microphone === stage) stopMicrophone(); };
  showButton();
  say(`The microphone is on: a prediction every ${model.hop} s, of the last ${window_} s.`);
}

function release({stream, context}) {
  stream?.getTracks().forEach(o => o.stop());
  context?.close();
}

function stopMicrophone() {
  if (!microphone) return;
  release(microphone);
  if (microphone.stream) worker.postMessage({type: 'stop'});
  microphone = null;
  showButton();
}

function showButton() {
  $('microphone').setAttribute('aria-pressed', String(Boolean(microphone)));
  $('microphone-text').textContent = microphone ? 'Stop the microphone' : 'Use the microphone';
}

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
  const middle = t + window_/2; // of the window around this moment
  const i = Math.min(view.windows.length - 1, Math.max(0, Math.round(middle/model.hop) - 1));
  return [view.windows[i][1], `${scoresTitle} at ${clock(t, 1)} s`];
}

function smoothed() { // mean of the last windows, as for events
  const recent = view.windows.slice(-model.events.smooth).map(([, probs]) => probs);
  return recent.length && model.heads.map(({labels}, h) => labels.map((_, i) => recent.reduce((sum, o) => sum + o[h][i], 0)/recent.length));
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
      elements[i].number.textContent = hasEvents ? values[i].toFixed(3) : values[i].toPrecision(4);
      if (elements[i].fill) elements[i].fill.style.width = `${values[i] < .005 ? 0 : 100*values[i]}%`;
      elements[i].element.classList.toggle('on', holds.has(head.labels[i]) && (!view.live || values[i] >= model.events.on));
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
  if (view.scored > 1) note.textContent = ` by the ${model.scores === 'sigmoid' ? 'highest' : 'mean'} of ${view.scored} windows`;
  else if (!model.any_length && view.seconds > 1.01*window_) note.textContent = ` in its middle ${window_} s`;
  $('result').append(note);
}

// --- events ---

const mostRows = 500; // of the table; the CSV has all

function addEvents(events) {
  view.events.push(...events);
  $('count').textContent = view.events.length || '';
  $('events-table').hidden = $('save').hidden = !view.events.length;
  $('no-events').hidden = view.events.length > 0;
  for (const event of events) view.live ? $('events').prepend(eventRow(event)) : $('events').append(eventRow(event));
  while ($('events').rows.length > mostRows) view.live ? $('events').lastElementChild.remove() : $('events').firstElementChild.remove();
  if (events.length && view.live) {
    const {head, label} = events.at(-1);
    $('announce').textContent = `${head === null ? '' : `${head}: `}${label}, ${span(events.at(-1))}`;
  }
}

function eventRow(event) {
  const row = document.createElement('tr'), cells = [0, 1, 2].map(() => row.appendChild(document.createElement('td')));
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
  const quoted = o => /[",\r\n]/.test(o) ? `"${o.replaceAll('"', '""')}"` : String(o);
  const rows = view.events.map(o => ({...o, file: view.name, start: o.start.toFixed(3), end: o.end.toFixed(3)}));
  const lines = [csvColumns, ...rows.map(o => csvColumns.map(name => o[name] ?? ''))];
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

function colors() { // [[r, g, b], ...] from quiet to loud
  const style = getComputedStyle(document.documentElement);
  const stops = ['--quiet', '--middle', '--loud'].map(o => style.getPropertyValue(o).trim().split(/\s+/).map(Number));
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
  const style = getComputedStyle(document.documentElement);
  const events = [...view.events].sort((a, b) => a.start - b.start);
  context.font = `${12*scale}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  events.forEach(({start, end, label}, i) => {
    const left = x(start), right = Math.max(x(end), left + 3*scale);
    const next = i + 1 < events.length ? x(events[i + 1].start) : width; // where the name has to end
    if (right < 0 || left > width) return;
    context.fillStyle = style.getPropertyValue('--bar');
    context.beginPath();
    context.roundRect(left, lane - 7*scale, right - left, 5*scale, 2.5*scale);
    context.fill();
    if (context.measureText(label).width > next - left - 4*scale) return; // it is in the list
    context.fillStyle = style.getPropertyValue('--ink');
    context.fillText(label, Math.min(Math.max(left, 0), width - context.measureText(label).width), lane/2 - 4*scale);
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

// --- what a person does ---

$('microphone').onclick = () => microphone ? stopMicrophone() : startMicrophone();
$('file').onchange = () => {
  const [file] = $('file').files;
  $('file').value = ''; // the same one may be opened again
  if (file) openRecording(file);
};
$('picture').onclick = ({offsetX}) => { if (view && !view.live) playFrom(view.seconds*offsetX/$('picture').clientWidth); };
$('save').onclick = () => {
  $('save').href = URL.createObjectURL(new Blob([csv()], {type: 'text/csv'}));
  $('save').download = `${view.name.replace(/\.\w+$/, '')}.events.csv`;
};
for (const event of ['play', 'seeked', 'ended', 'pause']) $('player').addEventListener(event, followPlayer);
let depth = 0; // of elements that a drag has entered
addEventListener('dragenter', () => document.body.classList.toggle('dropping', ++depth > 0));
addEventListener('dragleave', () => document.body.classList.toggle('dropping', --depth > 0));
addEventListener('dragover', event => event.preventDefault());
addEventListener('drop', event => {
  event.preventDefault();
  document.body.classList.toggle('dropping', (depth = 0) > 0);
  const [file] = event.dataTransfer.files;
  if (file && !$('file').disabled) openRecording(file);
});
addEventListener('resize', () => { if (view) drawSoon(); });
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { if (view) drawSoon(); });

$('events-section').hidden = !hasEvents;
$('scores-title').textContent = scoresTitle;
rows = makeRows();
addEventListener('unhandledrejection', ({reason}) => say(`This failed: ${reason?.message ?? reason}`, true));
start().catch(e => say(e.message, true));
