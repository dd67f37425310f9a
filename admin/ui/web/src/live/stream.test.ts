import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Stream, type Message, type Socket } from './stream';

class Wire implements Socket {
  sent: { type: string; cursor?: string; watch?: unknown }[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((e: { data: string }) => void) | null = null;
  onclose: ((e: { code: number }) => void) | null = null;
  send(text: string) { this.sent.push(JSON.parse(text)); }
  close() { this.onclose?.({ code: 1000 }); }
  say(...messages: object[]) { for (const m of messages) this.onmessage?.({ data: JSON.stringify(m) }); }
}

const welcome = { type: 'welcome' }, snapshot = { type: 'snapshot', cursor: 'a-1' };

function start() {
  const wires: Wire[] = [], got: Message[] = [], links: string[] = [];
  let missed = 0;
  const stream = new Stream({ all: true }, { message: (m) => got.push(m), link: (s) => links.push(s), missed: () => { missed++; } },
    () => { const w = new Wire(); wires.push(w); return w; });
  const next = () => { vi.advanceTimersByTime(20_000); wires.at(-1)!.onopen!(); return wires.at(-1)!; };
  wires[0]!.onopen!();
  return { stream, wires, got, links, next, missed: () => missed };
}

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

describe('stream', () => {
  it('comes back with the cursor of the last message', () => {
    const s = start();
    expect(s.wires[0]!.sent[0]).toMatchObject({ type: 'hello', watch: { all: true } });
    expect(s.wires[0]!.sent[0]!.cursor).toBeUndefined();
    s.wires[0]!.say(welcome, snapshot, { type: 'delta', cursor: 'a-7' });
    s.wires[0]!.onclose!({ code: 1006 });
    expect(s.stream.downSince).toBeGreaterThan(0);
    expect(s.next().sent[0]!.cursor).toBe('a-7');
    expect(s.missed()).toBe(0);
  });
  it('begins anew where it lagged, and says that events were missed', () => {
    const s = start();
    s.wires[0]!.say(welcome, snapshot);
    s.wires[0]!.onclose!({ code: 4409 });
    const again = s.next();
    expect(again.sent[0]!.cursor).toBeUndefined();
    again.say(welcome, snapshot);
    expect(s.missed()).toBe(1);
  });
  it('ends when signed out', () => {
    const s = start();
    s.wires[0]!.onclose!({ code: 4401 });
    vi.advanceTimersByTime(60_000);
    expect(s.wires).toHaveLength(1);
    expect(s.links).toEqual(['out']);
  });
  it('never resumes with the cursor of another watch', () => {
    const s = start();
    s.wires[0]!.say(welcome, snapshot);
    s.stream.setWatch({ bbox: [0, 0, 1, 1] });
    s.wires[0]!.say({ type: 'delta', cursor: 'a-9' }); // was on its way
    s.wires[0]!.onclose!({ code: 1006 });
    const again = s.next();
    expect(again.sent[0]).toMatchObject({ type: 'hello', watch: { bbox: [0, 0, 1, 1] } });
    expect(again.sent[0]!.cursor).toBeUndefined();
    again.say(welcome, { type: 'snapshot', cursor: 'a-12' });
    again.onclose!({ code: 4408 });
    expect(s.next().sent[0]!.cursor).toBe('a-12');
  });
  it('a changed watch waits for the first answer, and is told once', () => {
    const s = start();
    s.stream.setWatch({ devices: ['x'] });
    expect(s.wires[0]!.sent).toHaveLength(1);
    s.wires[0]!.say(welcome, snapshot);
    s.stream.setWatch({ devices: ['x'] });
    expect(s.wires[0]!.sent.map((m) => m.type)).toEqual(['hello', 'watch']);
  });
  it('goes on from crowds to crowds, and keeps the cursor', () => {
    const s = start();
    s.wires[0]!.say(welcome, snapshot);
    s.stream.setWatch({ bbox: [0, 0, 1, 1], zoom: 4 });
    s.wires[0]!.say({ type: 'snapshot', cursor: 'a-3', crowds: { whole: true } });
    s.stream.setWatch({ bbox: [0, 0, 1, 1], zoom: 5 });
    expect(s.wires[0]!.sent.at(-1)).toMatchObject({ type: 'watch', watch: { zoom: 5 } });
    s.wires[0]!.say({ type: 'delta', cursor: 'a-9', crowds: { whole: true } });
    s.wires[0]!.onclose!({ code: 1006 });
    expect(s.next().sent[0]).toMatchObject({ cursor: 'a-9', watch: { zoom: 5 } });
    expect(s.missed()).toBe(0);
  });
  it('waits longer from attempt to attempt', () => {
    const s = start();
    let dialled = 0;
    for (let ms = 0; ms < 20_000; ms += 100) {
      if (s.wires.length > dialled) s.wires[dialled++]!.onclose!({ code: 1006 });
      vi.advanceTimersByTime(100);
    }
    expect(s.wires.length).toBeLessThan(8);
  });
});
