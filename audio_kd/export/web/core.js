'use strict';
// Numbers only: no document, no network. The rules are those of audio_kd.runtime in Python, which
// the tests compare with these functions.

// --- recordings ---

// Mean of the channels, each a Float32Array of the same length
function toMono(channels) {
  if (channels.length === 1) return channels[0];
  const mono = new Float32Array(channels[0].length);
  for (const channel of channels) for (let i = 0; i < mono.length; i++) mono[i] += channel[i]/channels.length;
  return mono;
}

function concatenate(parts) { // of Float32Array
  const y = new Float32Array(parts.reduce((sum, o) => sum + o.length, 0));
  parts.reduce((at, o) => { y.set(o, at); return at + o.length; }, 0);
  return y;
}

// Exactly n samples: the middle of a longer clip; a shorter one repeats ('tile') or ends in zeros
function fitLength(x, n, mode) {
  if (x.length >= n) {
    const start = Math.floor((x.length - n)/2);
    return x.slice(start, start + n);
  }
  const y = new Float32Array(n);
  for (let i = 0; i < n; i += x.length) {
    y.set(x.subarray(0, Math.min(x.length, n - i)), i);
    if (mode === 'pad') break;
  }
  return y;
}

// A wav file as {channels, rate}, with the samples that Python reads (browsers scale positive ones by
// 32767) and at any rate; null for other formats
function readWav(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = at => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (text(0) !== 'RIFF' || text(8) !== 'WAVE') return null;
  let format = null;
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true), body = at + 8;
    if (text(at) === 'fmt ' && body + 16 <= bytes.length) {
      const kind = view.getUint16(body, true);
      format = {
        kind: kind === 0xfffe && size >= 26 ? view.getUint16(body + 24, true) : kind, // of an extensible one
        count: view.getUint16(body + 2, true),
        rate: view.getUint32(body + 4, true),
        bits: view.getUint16(body + 14, true),
      };
    }
    if (text(at) === 'data')
      return format && wavSamples(view, body, Math.min(size, bytes.length - body), format);
    at = body + size + size%2;
  }
  return null;
}

function wavSamples(view, start, size, {kind, count, rate, bits}) {
  const width = bits/8;
  const read = { // by kind (1: integers, 3: floats) and bits
    '1 8': at => (view.getUint8(at) - 128)/128,
    '1 16': at => view.getInt16(at, true)/32768,
    '1 24': at => (view.getUint16(at, true) + view.getInt8(at + 2)*65536)/8388608,
    '1 32': at => view.getInt32(at, true)/2147483648,
    '3 32': at => view.getFloat32(at, true),
    '3 64': at => view.getFloat64(at, true),
  }[`${kind} ${bits}`];
  if (!read || !count || !rate) return null;
  const n = Math.floor(size/width/count);
  const channels = Array.from({length: count}, () => new Float32Array(n));
  for (let i = 0, at = start; i < n; i++)
    for (const channel of channels) {
      channel[i] = read(at);
      at += width;
    }
  return {channels, rate};
}

// Sample rate in the header of a compressed recording, Hz; null where the format has none that is
// known here. The browser would otherwise change the rate by its own, simpler filter.
function sourceRate(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at, n) => String.fromCharCode(...bytes.subarray(at, at + n));
  if (text(0, 4) === 'fLaC') return bytes[18] << 12 | bytes[19] << 4 | bytes[20] >> 4;
  if (text(0, 4) === 'OggS') {
    const head = text(0, 200), vorbis = head.indexOf('\x01vorbis');
    if (head.includes('OpusHead')) return 48000;
    return vorbis < 0 ? null : view.getUint32(vorbis + 12, true);
  }
  if (text(4, 4) === 'ftyp') return mp4Rate(bytes, view);
  return mp3Rate(bytes, text);
}

const isFlac16 = bytes => String.fromCharCode(...bytes.subarray(0, 4)) === 'fLaC'
  && ((bytes[20] & 1) << 4 | bytes[21] >> 4) === 15; // bits - 1

// 16-bit samples that a browser has decoded, as Python reads them: some browsers divide positive ones
// by 32767, others all by 32768
function exact16(x) {
  const miss = o => Math.abs(o - Math.round(o)); // to the next integer
  const misses = scale => x.reduce((sum, o) => o > 0 ? sum + miss(o*scale) : sum, 0);
  return misses(32767) < misses(32768) ? x.map(o => o > 0 ? o*32767/32768 : o) : x;
}

// The time scale of the first track, which is the sample rate in files of sound only
function mp4Rate(bytes, view) {
  for (let at = 8; at + 24 < bytes.length; at++) {
    if (bytes[at] !== 109 || view.getUint32(at) !== 0x6d646864) continue; // mdhd
    return view.getUint32(at + (bytes[at + 4] ? 24 : 16));
  }
  return null;
}

// Of the first header of a frame
function mp3Rate(bytes, text) {
  let at = 0;
  if (text(0, 3) === 'ID3') at = 10 + bytes.subarray(6, 10).reduce((sum, o) => sum*128 + o, 0);
  for (const end = Math.min(bytes.length - 3, at + 65536); at < end; at++) {
    if (bytes[at] !== 255 || bytes[at + 1] < 224) continue;
    const version = bytes[at + 1] >> 3 & 3, layer = bytes[at + 1] >> 1 & 3, index = bytes[at + 2] >> 2 & 3;
    if (version === 1 || layer === 0 || index === 3) continue;
    return [44100, 48000, 32000][index]/(version === 3 ? 1 : version === 2 ? 2 : 4);
  }
  return null;
}

// Changes the sample rate of a stream by a sinc in a Kaiser window: flat up to .91 of the lower half
// rate, 126 dB down from there on. The three numbers were fitted to soxr's HQ, which Python takes.
class Resampler {
  constructor(from, to) {
    const divisor = (a, b) => b ? divisor(b, a%b) : a;
    const d = divisor(from, to), share = Math.min(1, to/from);
    this.up = to/d;
    this.down = from/d;
    this.cutoff = .956872*share;
    this.reach = 96.8333/share; // samples on each side
    this.half = Math.ceil(this.reach);
    this.phases = Array(this.up);
    this.waiting = new Float32Array(this.half); // silence before the first sample
    this.start = -this.half; // position of the first sample that waits
    this.taken = 0; // samples that came in
    this.given = 0; // samples that went out
  }

  taps(phase) { // of one position between two samples, computed when it is first met
    const bessel = x => { // modified, of order 0
      let sum = 1;
      for (let k = 1, term = 1; term > 1e-12*sum; k++) sum += term *= (x/2/k)**2;
      return sum;
    };
    const h = new Float64Array(2*this.half), beta = 13.04;
    for (let j = 0; j < h.length; j++) {
      const t = j - this.half + 1 - phase/this.up, x = Math.PI*this.cutoff*t, edge = 1 - (t/this.reach)**2;
      h[j] = edge <= 0 ? 0 : this.cutoff*(x ? Math.sin(x)/x : 1)*bessel(beta*Math.sqrt(edge));
    }
    const scale = 1/bessel(beta);
    return h.map(o => o*scale);
  }

  push(samples) {
    this.taken += samples.length;
    return this.advance(samples, Infinity);
  }

  finish() { // the rest; all together are ceil(taken*to/from) samples
    const total = Math.ceil(this.taken*this.up/this.down);
    return this.advance(new Float32Array(this.half), total - this.given);
  }

  advance(samples, most) {
    const x = concatenate([this.waiting, samples]);
    const first = k => Math.floor(k*this.down/this.up) - this.half + 1 - this.start;
    const n = Math.max(0, Math.min(most, this.possible(this.start + x.length) - this.given));
    const y = new Float32Array(n);
    for (let k = 0; k < n; k++, this.given++) {
      const phase = this.given*this.down%this.up, h = this.phases[phase] ??= this.taps(phase);
      const at = first(this.given);
      let sum = 0;
      for (let j = 0; j < h.length; j++) sum += h[j]*x[at + j];
      y[k] = sum;
    }
    const at = first(this.given);
    const used = Math.min(Math.max(0, at), x.length);
    this.start += used;
    this.waiting = x.slice(used);
    return y;
  }

  // Samples that can go out when all before `end` have come in
  possible(end) { return Math.max(0, Math.floor(((end - this.half)*this.up - 1)/this.down) + 1); }
}

// --- scores ---

// Of the outputs of the network: 'softmax' of one class, 'sigmoid' of each label, 'none' of numbers
function probabilities(logits, scores, temperature) {
  const x = Array.from(logits);
  if (scores === 'none') return x;
  const scaled = x.map(o => o/temperature);
  if (scores === 'sigmoid') return scaled.map(o => 1/(1 + Math.exp(-o)));
  const top = Math.max(...scaled), e = scaled.map(o => Math.exp(o - top));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map(o => o/sum);
}

// Labels that the scores of one head stand for: one class or 'unknown', all labels above their
// threshold, none of numbers
function decide(probs, head, scores) {
  if (scores === 'none') return [];
  const {labels, thresholds} = head;
  const order = probs.map((_, i) => i).sort((a, b) => probs[b] - probs[a]);
  if (scores === 'sigmoid') {
    const holds = i => thresholds ? probs[i] >= thresholds[i] : probs[i] > .5;
    return order.filter(holds).map(i => labels[i]);
  }
  const known = !thresholds || probs[order[0]] >= thresholds[order[0]];
  return [known ? labels[order[0]] : 'unknown'];
}

// Starts of the windows in which a long recording is scored: half a window apart, and one at its end
function windowStarts(length, n) {
  const step = Math.max(1, Math.floor(n/2)), starts = [];
  for (let start = 0; start + n <= length; start += step) starts.push(start);
  if (starts.at(-1) !== length - n) starts.push(length - n);
  return starts;
}

// Scores of a long recording from those of its windows: the mean; of labels the highest
class RunningScores {
  constructor(scores) { Object.assign(this, {scores, n: 0, sums: null}); }

  add(probs) { // of each head
    const join = this.scores === 'sigmoid' ? Math.max : (a, b) => a + b;
    this.sums = this.sums ? this.sums.map((o, h) => o.map((a, i) => join(a, probs[h][i]))) : probs;
    this.n++;
  }

  get result() { return this.scores === 'sigmoid' ? this.sums : this.sums.map(o => o.map(a => a/this.n)); }
}

// --- events ---

const argmax = x => x.reduce((best, o, i) => o > x[best] ? i : best, 0);

// Finds events in the probabilities of overlapping windows; see EventDetector in Python
class EventDetector {
  constructor(labels, window, thresholds, {on, off, smooth, shortest, ignore, cover}) {
    Object.assign(this, {labels, window, off, smooth, shortest, cover});
    this.isEvent = labels.map(o => !ignore.includes(o));
    // an average of several windows hardly reaches more than .9
    this.on = labels.map((_, i) => thresholds ? Math.max(on, Math.min(.9, thresholds[i])) : on);
    this.recent = [];
    this.clear();
  }

  clear() {
    this.first = null;
    this.total = this.labels.map(() => 0);
    this.best = this.labels.map(() => 0);
  }

  close() { // list of the event that ends here
    const label = argmax(this.total);
    const start = this.first - this.cover*this.window;
    let end = this.last - (1 - this.cover)*this.window;
    const isLong = end - start >= this.shortest;
    if (end <= 0) end = this.first; // it is in the first window that detected it
    const event = {label: this.labels[label], start: Math.max(0, start), end, score: this.best[label]};
    this.clear();
    return isLong ? [event] : [];
  }

  push(time, probabilities) { // list of the events that ended; time is the end of the window, s
    this.recent.push([time, probabilities.map((o, i) => this.isEvent[i] ? o : 0)]);
    if (this.recent.length > this.smooth) this.recent.shift();
    const mean = i => this.recent.reduce((sum, [, o]) => sum + o[i], 0)/this.recent.length;
    const probs = this.labels.map((_, i) => mean(i));
    const began = probs.map((o, i) => o >= this.on[i]), begins = began.includes(true);
    let events = [];
    if (this.first !== null) {
      const label = argmax(this.total);
      if (Math.max(...probs) < this.off || (probs[label] < this.off && begins)) events = this.close();
    }
    if (this.first === null && begins) { // found by the average, placed by single windows
      const label = argmax(probs.map((o, i) => began[i] ? o : 0));
      const placed = this.recent.find(([, o]) => o[label] >= this.off);
      this.first = this.last = placed ? placed[0] : time;
    }
    if (this.first !== null) {
      this.total = this.total.map((o, i) => o + probs[i]);
      this.best = this.best.map((o, i) => Math.max(o, probs[i]));
      if (this.recent.at(-1)[1][argmax(this.total)] >= this.off) this.last = time;
    }
    return events;
  }

  finish() { return this.first === null ? [] : this.close(); } // list of the last event
}

// One detector for the classes of a head; labels that may sound at once have one each
class Events {
  constructor(model) {
    const make = (head, labels, thresholds, part) => ({head, part,
      detector: new EventDetector(labels, model.n_samples/model.sample_rate, thresholds, model.events)});
    this.detectors = model.scores === 'none' ? [] : model.heads.flatMap((head, h) =>
      model.scores === 'softmax' || model.heads.length > 1
        ? [make(head.name, head.labels, head.thresholds, probs => probs[h])]
        : head.labels.map((label, i) => make(head.name, [label],
          head.thresholds && [head.thresholds[i]], probs => [probs[h][i]])));
  }

  push(time, probs) { // probs: of each head
    return this.detectors.flatMap(o => o.detector.push(time, o.part(probs)).map(e => ({...e, head: o.head})));
  }

  finish() { return this.detectors.flatMap(o => o.detector.finish().map(e => ({...e, head: o.head}))); }
}

// Events of a recording of so many seconds: none begins or ends behind it
const inside = (events, seconds) => events.filter(o => o.start < seconds)
  .map(o => ({...o, end: Math.min(o.end, seconds)}));

// Cuts a stream into overlapping windows; the first ends a step after the start, before which there
// is silence
class Windows {
  constructor(n, step) {
    Object.assign(this, {n, step, position: 0});
    this.samples = new Float32Array(n);
  }

  push(samples) { // [[position of the end in samples, window], ...]
    const joined = concatenate([this.samples, samples]), windows = [];
    let start = 0;
    for (; start + this.step + this.n <= joined.length;) {
      start += this.step;
      this.position += this.step;
      windows.push([this.position, joined.subarray(start, start + this.n)]);
    }
    this.samples = joined.subarray(start);
    return windows;
  }
}

// --- picture ---

// Columns of a spectrogram on a mel axis, in dB; for the eye only: the network has its own front end
class Spectrogram {
  constructor(rate, bands) {
    this.size = 2**Math.round(Math.log2(rate*.032));
    this.hann = Float64Array.from({length: this.size}, (_, i) => .5 - .5*Math.cos(2*Math.PI*i/this.size));
    const mel = f => 2595*Math.log10(1 + f/700), hertz = m => 700*(10**(m/2595) - 1);
    const edge = i => hertz(mel(rate/2)*i/(bands + 1))*this.size/rate;
    this.edges = Array.from({length: bands}, (_, i) => {
      const low = Math.round(edge(i)), high = Math.round(edge(i + 2));
      return [low, Math.min(this.size/2, Math.max(low, high - 1))];
    });
  }

  column(x, start) { // Float32Array of the bands, for the samples from start on
    const re = new Float64Array(this.size), im = new Float64Array(this.size);
    for (let i = 0; i < this.size; i++) re[i] = (x[start + i] ?? 0)*this.hann[i];
    fft(re, im);
    return Float32Array.from(this.edges, ([low, high]) => {
      let power = 1e-9;
      for (let k = low; k <= high; k++) power = Math.max(power, re[k]*re[k] + im[k]*im[k]);
      return 10*Math.log10(power);
    });
  }
}

// Fourier transform in place; the length is a power of two
function fft(re, im) {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) [re[i], re[j], im[i], im[j]] = [re[j], re[i], im[j], im[i]];
  }
  for (let size = 2; size <= n; size *= 2) {
    for (let k = 0; k < size/2; k++) {
      const c = Math.cos(-2*Math.PI*k/size), s = Math.sin(-2*Math.PI*k/size);
      for (let a = k, b = k + size/2; a < n; a += size, b += size) {
        const x = re[b]*c - im[b]*s, y = re[b]*s + im[b]*c;
        [re[b], im[b], re[a], im[a]] = [re[a] - x, im[a] - y, re[a] + x, im[a] + y];
      }
    }
  }
}
