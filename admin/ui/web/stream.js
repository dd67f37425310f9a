// The live stream: keeps one websocket open, comes back with its cursor, and
// tells since when there is none.

export class Stream {
  constructor({ onmessage, onstate }) {
    this.onmessage = onmessage;
    this.onstate = onstate;
    this.cursor = '';
    this.wait = 500;
    this.downSince = Date.now();
    this.open();
  }

  open() {
    const ws = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/stream`);
    this.ws = ws;
    ws.onopen = () => ws.send(JSON.stringify({ type: 'hello', watch: { all: true }, ...(this.cursor && { cursor: this.cursor }) }));
    ws.onmessage = (e) => {
      const m = JSON.parse(e.data);
      if (m.type === 'welcome') {
        this.wait = 500;
        this.downSince = 0;
        this.onstate('live');
        return;
      }
      if (m.cursor) this.cursor = m.cursor;
      this.onmessage(m);
    };
    ws.onclose = (e) => {
      if (!this.downSince) this.downSince = Date.now();
      if (e.code === 4401) {
        this.onstate('out');
        return;
      }
      if (e.code === 4409) this.cursor = '';
      this.onstate('down');
      setTimeout(() => this.open(), this.wait + Math.random() * 300);
      this.wait = Math.min(this.wait * 2, 8000);
    };
  }

  // seconds without a connection, 0 while there is one.
  down() { return this.downSince ? (Date.now() - this.downSince) / 1000 : 0; }
}
