// Who is told what about which devices: a new notification or a change to one.
import { Accordion, Alert, Badge, Checkbox, Group, MultiSelect, NumberInput, Radio, Select, SimpleGrid, Stack, Switch, TagsInput, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import { words as eventWords } from '@/pages/events/words';
import { clean, filled } from '@/parts/clean';
import { CustomerSelect } from '@/parts/CustomerSelect';
import { DevicePicker } from '@/parts/DevicePicker';
import { FormDialog } from '@/parts/FormDialog';
import { WeekSpans, type Span } from '@/parts/WeekSpans';
import { fenced, kinds, useFences, usePeople, usePlans, type Channel, type Kind, type Notification } from './data';
import { words } from './words';

interface Props {
  notification?: Notification;
  /** Whose a new one is: then it is not asked. */
  owner?: string;
  /** A new one begins with this device. */
  device?: string;
  onClose: () => void;
  onSaved?: (n: Notification) => void;
}

const MINUTE = 60_000;
const minutes = (ms?: number) => (ms ? ms / MINUTE : '') as number | string;
const under = { inputWrapperOrder: ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[] };

export function NotificationForm({ notification: n, owner, device, onClose, onSaved }: Props) {
  const t = useT(words), te = useT(eventWords);
  const me = useMe();
  const client = useQueryClient();
  const form = useForm({
    initialValues: {
      owner: n?.owner ?? owner ?? me.user.customer ?? '', description: n?.description ?? '', channels: (n?.channels ?? []) as Channel[], recipients: n?.recipients ?? [], emails: n?.emails ?? [], phones: n?.phones ?? [], which: (n ? !n.allDevices : Boolean(device)) ? 'some' : 'all', devices: n?.devices ?? (device ? [device] : []),
      by: n && !n.plan ? 'kinds' : 'plan', plan: (n?.plan ?? null) as string | null, kinds: (n?.plan ? [] : (n?.kinds ?? [])) as Kind[], fencesOf: n && !n.allFences && n.fences.length ? 'some' : 'all', fences: n?.fences ?? [],
      active: !n?.paused, raise: n?.raise ?? false, cooldown: minutes(n?.cooldown), maxAge: minutes(n?.maxAge),
      quiet: (n?.quiet?.weekly ?? []) as Span[], schedule: (n?.schedule?.weekly ?? []) as Span[],
    },
    validate: {
      description: filled(t('required')), channels: (v) => (v.length ? null : t('required')), recipients: (v, all) => (v.length || all.emails.length || all.phones.length ? null : t('required')),
      devices: (v, all) => (all.which === 'all' || v.length ? null : t('required')),
      plan: (v, all) => (all.by === 'plan' ? filled(t('required'))(v) : null), kinds: (v, all) => (all.by === 'plan' || v.length ? null : t('required')),
    },
  });
  const v = form.values, of = v.owner || me.company?.id || '';
  const people = usePeople(of), fences = useFences(of), plans = usePlans(n?.company ?? me.company?.id);
  const plan = plans.find((p) => p.id === v.plan);
  const withFences = v.by === 'plan' || v.kinds.some((k) => fenced.includes(k));

  const save = async (all: typeof form.values) => {
    const body = clean({
      owner: all.owner, description: all.description, channels: all.channels, recipients: all.recipients, emails: all.emails, phones: all.phones, allDevices: all.which === 'all', devices: all.which === 'all' ? undefined : all.devices,
      plan: all.by === 'plan' ? all.plan! : undefined, kinds: all.by === 'plan' ? undefined : all.kinds, alarms: all.by === 'kinds' && n?.alarms.length ? n.alarms : undefined,
      allFences: withFences && all.fencesOf === 'all', fences: withFences && all.fencesOf === 'some' ? all.fences : undefined,
      paused: !all.active, raise: all.raise, cooldown: Number(all.cooldown) * MINUTE || undefined, maxAge: Number(all.maxAge) * MINUTE || undefined,
      quiet: all.quiet.length ? { weekly: all.quiet } : undefined, schedule: all.schedule.length ? { weekly: all.schedule } : undefined,
      // What this form does not show stays as it is.
      inferred: n?.inferred, rules: n?.rules ?? undefined, version: n?.version,
    }) as Schemas['NotificationInput'];
    const { data } = n ? await http.PUT('/api/v1/notifications/{id}', { params: { path: { id: n.id } }, body }) : await http.POST('/api/v1/notifications', { body });
    for (const key of ['notifications', 'customer', 'device']) void client.invalidateQueries({ queryKey: [key] });
    notifications.show({ color: 'green', message: t('saved') });
    onSaved?.(data!);
  };
  // A refusal names the very entry: emails.2.
  const listed = (path: string) => Object.entries(form.errors).find(([at]) => at === path || at.startsWith(`${path}.`) || at.startsWith(`${path}[`))?.[1];
  const channel = { sms: t('sms'), email: t('email'), push: t('push') };
  return (
    <FormDialog opened onClose={onClose} title={n ? `${t('edit')}: ${n.description}` : t('newNotification')} form={form} onSubmit={save} size="xl">
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        <TextInput label={t('description')} required data-autofocus maxLength={120} {...form.getInputProps('description')} />
        {!n && !owner && isStaff(me) && <CustomerSelect label={t('owner')} {...form.getInputProps('owner')} onChange={(id) => { form.setFieldValue('owner', id ?? ''); form.setFieldValue('recipients', []); form.setFieldValue('devices', []); form.setFieldValue('fences', []); }} />}
      </SimpleGrid>
      <Checkbox.Group label={t('type')} required {...form.getInputProps('channels')}>
        <Group mt={6} gap="lg">{(['sms', 'email', 'push'] as const).map((c) => <Checkbox key={c} value={c} label={channel[c]} />)}</Group>
      </Checkbox.Group>
      <MultiSelect label={t('recipients')} description={t('recipientsHint')} {...under} searchable required={!v.emails.length && !v.phones.length} data={(people ?? []).map((u) => ({ value: u.id, label: [u.name, u.email || u.phone].filter(Boolean).join(' · ') }))} nothingFoundMessage={t('noRecipients')} {...form.getInputProps('recipients')} />
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        <TagsInput label={t('emails')} description={t('othersHint')} {...under} inputMode="email" maxTags={20} {...form.getInputProps('emails')} error={listed('emails')} />
        <TagsInput label={t('phones')} description={t('phonesHint')} {...under} inputMode="tel" maxTags={20} {...form.getInputProps('phones')} error={listed('phones')} />
      </SimpleGrid>
      <Radio.Group label={t('whichDevices')} required {...form.getInputProps('which')}>
        <Group mt={6} gap="lg"><Radio value="all" label={t('allDevices')} /><Radio value="some" label={t('someDevices')} /></Group>
      </Radio.Group>
      {v.which === 'some' && (
        <div>
          <DevicePicker owner={of} value={v.devices} onChange={(ids) => form.setFieldValue('devices', ids)} height={200} />
          {form.errors.devices && <Text size="xs" c="var(--mantine-color-error)" role="alert">{form.errors.devices}</Text>}
        </div>
      )}
      <Radio.Group label={t('what')} required {...form.getInputProps('by')}>
        <Group mt={6} gap="lg"><Radio value="plan" label={t('byPlan')} /><Radio value="kinds" label={t('byKinds')} /></Group>
      </Radio.Group>
      {v.by === 'plan' ? (
        <>
          <Select label={t('plan')} required searchable data={plans.map((p) => ({ value: p.id!, label: p.name }))} nothingFoundMessage={t('nothingFound')} {...form.getInputProps('plan')} />
          {plan && (plan.events?.length ? (
            <Stack gap={6} role="group" aria-label={t('planEvents')}><Text size="sm" fw={500}>{t('planEvents')}</Text><Group gap={6}>{plan.events.map((e) => <Badge key={e.code} variant="light" tt="none" c="var(--mantine-color-text)" color={e.alarm ? 'red' : undefined}>{e.label ?? e.code}</Badge>)}</Group></Stack>
          ) : <Alert color="yellow" py={8}>{t('noPlanEvents')}</Alert>)}
        </>
      ) : (
        <Checkbox.Group label={t('events')} required {...form.getInputProps('kinds')}>
          <SimpleGrid cols={{ base: 2, xs: 3, sm: 4 }} mt={6} verticalSpacing={8}>{kinds.map((k) => <Checkbox key={k} value={k} label={te(k)} />)}</SimpleGrid>
        </Checkbox.Group>
      )}
      {withFences && (
        <>
          <Radio.Group label={t('whichFences')} {...form.getInputProps('fencesOf')}>
            <Group mt={6} gap="lg"><Radio value="all" label={t('allFences')} /><Radio value="some" label={t('someFences')} /></Group>
          </Radio.Group>
          {v.fencesOf === 'some' && <MultiSelect aria-label={t('whichFences')} searchable data={fences.map((f) => ({ value: f.id, label: f.name }))} nothingFoundMessage={t('nothingFound')} {...form.getInputProps('fences')} />}
        </>
      )}
      <Switch label={t('active')} description={t('activeHint')} {...form.getInputProps('active', { type: 'checkbox' })} />
      <Accordion variant="contained" chevronPosition="left">
        <Accordion.Item value="more">
          <Accordion.Control>{t('more')}</Accordion.Control>
          <Accordion.Panel>
            <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
              <NumberInput label={t('cooldown')} description={t('cooldownHint')} {...under} min={0} max={1440} {...form.getInputProps('cooldown')} />
              <NumberInput label={t('maxAge')} description={t('maxAgeHint')} {...under} min={0} {...form.getInputProps('maxAge')} />
            </SimpleGrid>
            <Stack mt="sm" gap="md">
              <Switch label={t('raise')} description={t('raiseHint')} {...form.getInputProps('raise', { type: 'checkbox' })} />
              <div><WeekSpans label={t('quiet')} value={v.quiet} onChange={(s) => form.setFieldValue('quiet', s)} errors={form.errors} at="quiet" /><Text size="xs" c="dimmed" mt={4}>{t('quietHint')}</Text></div>
              <div><WeekSpans label={t('onlyAt')} value={v.schedule} onChange={(s) => form.setFieldValue('schedule', s)} errors={form.errors} at="schedule" /><Text size="xs" c="dimmed" mt={4}>{t('onlyAtHint')}</Text></div>
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </FormDialog>
  );
}
