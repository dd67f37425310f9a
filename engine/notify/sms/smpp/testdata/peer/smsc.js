// A message centre made of the npm package smpp: prints the port that it
// listens on, then one line of JSON for each submit_sm.
const smpp = require('smpp');
let count = 0;
const server = smpp.createServer((session) => {
  session.on('error', () => {});
  session.on('bind_transceiver', (pdu) => {
    if (pdu.system_id !== 'vigia' || pdu.password !== 's3cret') {
      session.send(pdu.response({ command_status: smpp.ESME_RINVPASWD }));
      session.close();
      return;
    }
    session.send(pdu.response({ system_id: 'peer' }));
  });
  session.on('enquire_link', (pdu) => session.send(pdu.response()));
  session.on('unbind', (pdu) => { session.send(pdu.response()); session.close(); });
  session.on('submit_sm', (pdu) => {
    const id = 'n' + (++count);
    console.log(JSON.stringify({
      id, from: pdu.source_addr, to: pdu.destination_addr, coding: pdu.data_coding, text: pdu.short_message.message,
      udh: pdu.short_message.udh ? Buffer.concat([].concat(pdu.short_message.udh)).toString('hex') : '',
      reference: pdu.user_message_reference, registered: pdu.registered_delivery,
    }));
    session.send(pdu.response({ message_id: id }));
    if (!pdu.registered_delivery) return;
    session.deliver_sm({
      source_addr: pdu.destination_addr, destination_addr: pdu.source_addr, esm_class: 4,
      short_message: `id:${id} sub:001 dlvrd:001 submit date:2603201403 done date:2603201404 stat:DELIVRD err:000 text:`,
      receipted_message_id: id, message_state: 2,
    });
  });
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));
process.stdin.on('end', () => process.exit(0)).resume();
