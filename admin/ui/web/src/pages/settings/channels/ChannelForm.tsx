// A provider's settings. A sample fills them; the fields follow the kind.
import { Accordion, Button, Checkbox, Group, NumberInput, PasswordInput, Select, SimpleGrid, TagsInput, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { http, type Schemas } from '@/api/client';
import { useT } from '@/i18n';
import { clean, filled } from '@/parts/clean';
import { FormDialog } from '@/parts/FormDialog';
import { headersOf, samples, type Channel, type Settings } from './samples';
import { words } from './words';

const kinds: Record<Channel, Settings['kind'][]> = { email: ['smtp'], sms: ['twilio', 'template', 'smpp'], push: ['webpush'] };
const under = { inputWrapperOrder: ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[] };
const blank = {
  kind: 'smtp' as Settings['kind'], host: '', port: '' as number | string, tls: 'starttls' as NonNullable<Settings['tls']>, user: '', password: '', from: '', url: '', method: 'POST' as 'GET' | 'POST', type: '', body: '', headers: '',
  success: '', idFrom: '', maxParts: '' as number | string, systemType: '', long: 'udh8' as NonNullable<Settings['long']>, window: '' as number | string, hexIds: false, noReceipts: false, subject: '', allowPrivate: [] as string[],
};
type Values = typeof blank;

interface Props { channel: Channel; name: string; shown: Schemas['ChannelShown']; onClose: () => void; onSaved: () => void }

export function ChannelForm({ channel, name, shown, onClose, onSaved }: Props) {
  const t = useT(words);
  const own = shown.source === 'company';
  const start: Values = { ...blank, kind: kinds[channel][0]!, ...(own ? (clean(shown) as Partial<Values>) : {}), headers: '', password: '', allowPrivate: own ? (shown.allowPrivate ?? []) : [] };
  const must = filled(t('required'));
  const needed = (on: (v: Values) => boolean) => (v: unknown, all: Values) => (on(all) ? must(v) : null);
  const form = useForm<Values>({
    initialValues: { ...start, port: start.port || '', maxParts: start.maxParts || '', window: start.window || '' },
    validate: {
      host: needed((v) => v.kind === 'smtp' || v.kind === 'smpp'), from: needed((v) => v.kind === 'smtp' || v.kind === 'twilio'), user: needed((v) => v.kind === 'twilio' || v.kind === 'smpp'),
      url: needed((v) => v.kind === 'template'), subject: needed((v) => v.kind === 'webpush'), password: needed((v) => v.kind === 'twilio' && !shown.passwordSet),
    },
  });
  const v = form.values, p = form.getInputProps, is = (...of: Settings['kind'][]) => of.includes(v.kind);
  const save = async (all: Values) => {
    const at = { smtp: ['host', 'port', 'tls', 'user', 'password', 'from'], twilio: ['user', 'password', 'from', 'url', 'maxParts'], template: ['url', 'method', 'type', 'body', 'from', 'success', 'idFrom', 'maxParts'], smpp: ['host', 'port', 'tls', 'user', 'password', 'from', 'systemType', 'long', 'window', 'hexIds', 'noReceipts', 'maxParts'], webpush: ['subject'] }[all.kind];
    const kept = Object.fromEntries(at.map((k) => [k, all[k as keyof Values]]));
    // What the form does not show stays: the numbering of SMPP.
    const numbering = all.kind === 'smpp' && own ? { sourceTon: shown.sourceTon, sourceNpi: shown.sourceNpi, destTon: shown.destTon, destNpi: shown.destNpi } : {};
    const body = clean({ ...numbering, ...kept, kind: all.kind, headers: all.kind === 'template' ? headersOf(all.headers) : undefined, allowPrivate: all.allowPrivate.length ? all.allowPrivate : undefined, version: shown.version }) as Schemas['ChannelInput'];
    await http.PUT('/api/v1/channels/{channel}', { params: { path: { channel } }, body });
    onSaved();
  };
  const take = (i: number) => { const s = samples.filter((o) => o.channel === channel)[i]!; form.setValues({ ...blank, password: v.password, user: v.user, ...(s.settings as Partial<Values>), headers: s.headers ?? '' }); };
  const tls = is('smpp') ? ['tls', 'none'] as const : ['starttls', 'opportunistic', 'tls', 'none'] as const;
  const tlsWord = { starttls: t('starttls'), opportunistic: t('opportunistic'), tls: t('tlsOn'), none: t('noTls') };
  const number = (of: 'port' | 'maxParts' | 'window', label: string, hint: string, max: number) => <NumberInput label={label} description={hint} {...under} min={1} max={max} allowDecimal={false} {...p(of)} />;
  return (
    <FormDialog opened onClose={onClose} title={`${name}: ${own ? t('edit') : t('setOwn')}`} form={form} onSubmit={save} size="xl">
      {channel !== 'push' && (
        <Group gap="xs" role="group" aria-label={t('sample')}><Text size="sm" c="dimmed">{t('sample')}</Text>
          {samples.filter((s) => s.channel === channel).map((s, i) => <Button key={s.name} size="compact-sm" variant="light" onClick={() => take(i)}>{s.name}</Button>)}
        </Group>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        {kinds[channel].length > 1 && <Select label={t('kind')} required allowDeselect={false} data={kinds[channel].map((k) => ({ value: k, label: t(k) }))} {...p('kind')} onChange={(k) => form.setValues({ ...blank, kind: k as Settings['kind'], tls: k === 'smpp' ? 'tls' : 'starttls' })} />}
        {is('webpush') && <TextInput label={t('subject')} description={t('subjectHint')} {...under} required maxLength={200} data-autofocus {...p('subject')} />}
        {is('smtp', 'smpp') && <TextInput label={t('host')} required maxLength={253} {...p('host')} />}
        {is('smtp', 'smpp') && number('port', t('port'), t('portHint'), 65535)}
        {is('smtp', 'smpp') && <Select label={t('tls')} required allowDeselect={false} data={tls.map((k) => ({ value: k, label: tlsWord[k] }))} {...p('tls')} />}
        {is('smtp', 'smpp', 'twilio') && <TextInput label={is('twilio') ? t('accountSid') : is('smpp') ? t('systemId') : t('user')} required={is('twilio', 'smpp')} maxLength={200} {...p('user')} />}
        {is('smtp', 'smpp', 'twilio') && <PasswordInput label={is('twilio') ? t('authToken') : t('secret')} required={is('twilio') && !shown.passwordSet} description={own && shown.passwordSet ? t('secretKept') : undefined} {...under} maxLength={500} autoComplete="new-password" {...p('password')} />}
        {is('template') && <Select label={t('method')} required allowDeselect={false} data={['GET', 'POST']} {...p('method')} />}
        {!is('webpush') && <TextInput label={t('from')} required={is('smtp', 'twilio')} placeholder={is('smtp') ? t('fromMail') : undefined} description={is('smtp') ? undefined : t('fromSms')} {...under} maxLength={200} {...p('from')} />}
      </SimpleGrid>
      {is('template') && (
        <>
          <TextInput label={t('url')} description={t('urlHint', { to: '{to}', text: '{text}', from: '{from}', key: '{key}' })} {...under} required maxLength={2000} {...p('url')} />
          {v.method === 'POST' && <TextInput label={t('type')} placeholder="application/json" maxLength={200} {...p('type')} />}
          {v.method === 'POST' && <Textarea label={t('body')} autosize minRows={2} maxRows={8} maxLength={4000} ff="monospace" {...p('body')} />}
          <Textarea label={t('headers')} description={own && shown.headerNames.length ? t('headersKept', { names: shown.headerNames.join(', ') }) : t('headersHint')} {...under} autosize minRows={1} maxRows={5} {...p('headers')} />
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput label={t('success')} description={t('successHint')} {...under} maxLength={500} {...p('success')} />
            <TextInput label={t('idFrom')} description={t('idFromHint')} {...under} maxLength={500} {...p('idFrom')} />
          </SimpleGrid>
        </>
      )}
      {!is('webpush') && (
        <Accordion variant="contained" chevronPosition="left">
          <Accordion.Item value="more">
            <Accordion.Control>{t('more')}</Accordion.Control>
            <Accordion.Panel>
              <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
                {is('twilio') && <TextInput label={t('url')} description={t('gatewayHint')} {...under} maxLength={2000} {...p('url')} />}
                {channel === 'sms' && number('maxParts', t('maxParts'), t('maxPartsHint'), 10)}
                {is('smpp') && <Select label={t('long')} allowDeselect={false} data={(['udh8', 'udh16', 'payload'] as const).map((k) => ({ value: k, label: t(k) }))} {...p('long')} />}
                {is('smpp') && number('window', t('window'), t('windowHint'), 100)}
                {is('smpp') && <TextInput label={t('systemType')} maxLength={12} {...p('systemType')} />}
                {is('smpp') && <Checkbox mt="lg" label={t('hexIds')} {...p('hexIds', { type: 'checkbox' })} />}
                {is('smpp') && <Checkbox label={t('noReceipts')} {...p('noReceipts', { type: 'checkbox' })} />}
                <TagsInput label={t('allowPrivate')} description={t('allowPrivateHint')} {...under} maxTags={10} {...p('allowPrivate')} />
              </SimpleGrid>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
      )}
    </FormDialog>
  );
}
