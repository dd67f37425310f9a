// The form of a share link; once made, the link to pass on.
import { Alert, Button, Checkbox, Group, Modal, NumberInput, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { http } from '@/api/client';
import { useCan, useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useLang, useT } from '@/i18n';
import { usePlaces } from '@/pages/map/places';
import { filled } from '@/parts/clean';
import { CopyBox } from '@/parts/CopyBox';
import { CustomerSelect } from '@/parts/CustomerSelect';
import { DevicePicker } from '@/parts/DevicePicker';
import { FormDialog } from '@/parts/FormDialog';
import { addressOf, bodyOf, somePin, valuesOf, type Link } from './values';
import { words } from './words';

interface Props {
  link?: Link;
  owner?: string;
  /** Ticked to begin with. */
  devices?: string[];
  onClose: () => void;
}

export function ShareForm({ link, owner, devices, onClose }: Props) {
  const t = useT(words);
  const { lang } = useLang();
  const me = useMe(), can = useCan();
  const client = useQueryClient();
  const [made, setMade] = useState<{ link: Link; pin: string }>();
  const form = useForm({
    initialValues: valuesOf(link, owner ?? me.user.customer ?? '', devices ?? [], Date.now()),
    validate: {
      devices: (v) => (v.length ? null : t('atLeastOne')),
      until: (v, all) => (all.howLong === 'other' ? filled(t('required'))(v) : null),
      pin: (v) => (!v || /^\d{4,12}$/.test(v) ? null : t('pinBad')),
    },
  });
  const v = form.values;
  const { areas } = usePlaces(v.owner || undefined);
  const save = async (values: typeof v) => {
    const body = bodyOf(values, areas, Date.now(), link) as never;
    const { data } = link ? await http.PUT('/api/v1/share-links/{id}', { params: { path: { id: link.id } }, body }) : await http.POST('/api/v1/share-links', { body });
    void client.invalidateQueries({ queryKey: ['shares'] });
    if (link) notifications.show({ color: 'green', message: t('saved') });
    else setMade({ link: data!, pin: values.pin });
  };
  if (made) {
    const time = new Date(made.link.expires).toLocaleString(lang, { dateStyle: 'medium', timeStyle: 'short' });
    return (
      <Modal opened onClose={onClose} title={t('madeTitle')} closeButtonProps={{ 'aria-label': t('close') }}>
        <Stack>
          <Text size="sm">{t('madeText', { time })}</Text>
          <CopyBox label={t('link')} value={addressOf(made.link)} />
          {made.pin && <><CopyBox label={t('pin')} value={made.pin} /><Alert py={6} color="yellow">{t('madePin')}</Alert></>}
          <Group justify="flex-end"><Button onClick={onClose}>{t('close')}</Button></Group>
        </Stack>
      </Modal>
    );
  }
  return (
    <FormDialog opened onClose={() => { if (!made) onClose(); }} keepOpen={!link} title={link ? t('editLink') : t('newLink')} form={form} onSubmit={save}>
      {!link && !owner && isStaff(me) && can('customer.read') && <CustomerSelect label={t('owner')} {...form.getInputProps('owner')} onChange={(id) => form.setValues({ owner: id ?? '', devices: [], endFence: null })} />}
      <fieldset className="fence-set">
        <legend>{t('shows')} <span aria-hidden style={{ color: 'var(--mantine-color-error)' }}>*</span></legend>
        <DevicePicker owner={v.owner} height={180} value={v.devices} onChange={(ids) => form.setFieldValue('devices', ids)} />
        {form.errors.devices && <Text size="sm" c="var(--mantine-color-error)" role="alert">{form.errors.devices}</Text>}
      </fieldset>
      <div>
        <Text size="sm" fw={500} mb={4} id="share-how-long">{t('howLong')}</Text>
        <SegmentedControl fullWidth aria-labelledby="share-how-long" data={[...['1', '4', '8', '24'].map((n) => ({ value: n, label: t('hours', { n: Number(n) }) })), { value: 'other', label: t('other') }]} {...form.getInputProps('howLong')} />
      </div>
      {v.howLong === 'other' && (
        <Group grow align="flex-start">
          {link && <DateTimePicker label={t('from')} valueFormat="DD MMM YYYY HH:mm" {...form.getInputProps('from')} />}
          <DateTimePicker label={t('expires')} required valueFormat="DD MMM YYYY HH:mm" {...form.getInputProps('until')} error={form.errors.until ?? form.errors.expires} />
        </Group>
      )}
      <TextInput label={t('name')} description={t('nameHint')} maxLength={120} {...form.getInputProps('name')} />
      <fieldset className="fence-set">
        <legend>{t('whatShown')}</legend>
        <Stack gap={8}>
          <Checkbox label={t('live')} {...form.getInputProps('live', { type: 'checkbox' })} />
          <Checkbox label={t('names')} {...form.getInputProps('names', { type: 'checkbox' })} />
          <Checkbox label={t('events')} {...form.getInputProps('events', { type: 'checkbox' })} />
          <Select label={t('trail')} allowDeselect={false} data={[...new Set([0, 15, 30, 60, 240, 1440, Number(v.trailMinutes)])].sort((a, b) => a - b).map((n) => ({ value: String(n), label: n ? t('minutes', { n }) : t('noTrail') }))} {...form.getInputProps('trailMinutes')} />
        </Stack>
      </fieldset>
      <Group grow align="flex-end">
        <Select label={t('ends')} description={t('endsHint')} placeholder="–" clearable searchable data={areas.map((a) => ({ value: a.id, label: a.name }))} nothingFoundMessage={t('nothingFound')} {...form.getInputProps('endFence')} clearButtonProps={{ 'aria-label': t('delete') }} />
        {v.endFence && <SegmentedControl data={[{ value: 'enter', label: t('whenEnter') }, { value: 'leave', label: t('whenLeave') }]} aria-label={t('ends')} {...form.getInputProps('endOn')} />}
      </Group>
      {v.endFence && <Checkbox label={t('eta')} {...form.getInputProps('eta', { type: 'checkbox' })} />}
      <Group grow align="flex-start">
        <div>
          <TextInput label={t('pin')} description={link?.pinSet ? t('pinKept') : t('pinHint')} inputMode="numeric" autoComplete="off" maxLength={12} disabled={v.noPin} {...form.getInputProps('pin')}
            rightSectionWidth={90} rightSection={<Button size="compact-xs" variant="light" onClick={() => form.setFieldValue('pin', somePin())}>{t('pinMake')}</Button>} />
          {link?.pinSet && <Checkbox mt={6} size="xs" label={t('pinOff')} {...form.getInputProps('noPin', { type: 'checkbox' })} />}
        </div>
        <NumberInput label={t('maxViews')} description={t('anyNumber')} min={1} max={1_000_000} allowDecimal={false} {...form.getInputProps('maxViews')} />
      </Group>
    </FormDialog>
  );
}
