// One person with the tabs of the manuals. What belongs to a stored person is
// locked until the first save.
import { Alert, Avatar, Badge, Button, Center, Group, Loader, Modal, Stack, Tabs, Text, Title, Tooltip } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useWindowEvent } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useBlocker, useLocation, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { IconArrowLeft, IconLock } from '@tabler/icons-react';
import { Suspense, useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useCan, useMe } from '@/api/session';
import { useT } from '@/i18n';
import { ActivationResult, useActivationReady } from '@/parts/Activation';
import { filled } from '@/parts/clean';
import { useSubmit } from '@/parts/FormDialog';
import { imageOf } from '@/parts/ImagePicker';
import { UserTools } from '../customer/users/UserTools';
import { Additional, Address, Details } from './FormTabs';
import { personInput, personValues, type PersonValues } from './form';
import { added, regroup, useGroups } from './groups';
import { JoinDialog } from './JoinDialog';
import type { Category } from './People';
import { lockedTabs } from './lockedTabs';
import { words } from './words';
import '../customer/panel.css';
import './users.css';

type User = Schemas['User'];

export function Person() {
  const t = useT(words);
  const { id } = useParams({ strict: false }) as { id: string };
  const category: Category = useLocation().pathname.startsWith('/users/operators') ? 'operators' : 'clients';
  const query = useQuery({ queryKey: ['users', 'one', id], enabled: id !== 'new', queryFn: async () => (await http.GET('/api/v1/users/{id}', { params: { path: { id } } })).data! });
  if (query.isError) return <Alert m="md" color="red" role="alert">{query.error.message}</Alert>;
  if (id !== 'new' && !query.data) return <Center p="xl"><Loader aria-label={t('loading')} /></Center>;
  return <Form key={id} category={category} stored={query.data} />;
}

const errorTab = (path: string) => (path.startsWith('extra') ? 'additional' : /^(location|country|city|zip|address|lat|lon)/.test(path) ? 'address' : 'details');

function Form({ category, stored }: { category: Category; stored?: User }) {
  const t = useT(words);
  const me = useMe();
  const can = useCan();
  const client = useQueryClient();
  const navigate = useNavigate();
  const params = useSearch({ strict: false }) as Record<string, string | undefined>;
  const staff = category === 'operators';
  const must = filled(t('required'));
  const form = useForm<PersonValues>({
    initialValues: personValues(stored, me, staff),
    validate: { firstName: must, email: must, lang: must, timezone: must, customer: staff ? undefined : must },
  });
  const [made, setMade] = useState<Schemas['UserMade'] & User>();
  const ready = useActivationReady(form.values.activation) || Boolean(stored);
  const go = (tab: string | null) => navigate({ to: '.', search: { tab: tab && tab !== 'details' ? tab : undefined }, replace: true } as never);
  const groups = useGroups(staff ? 'operator' : 'user', Boolean(stored) && can('label.read')).data ?? [];
  const before = stored?.groups.map((g) => g.id) ?? [];
  const [joining, setJoining] = useState<PersonValues>(); // waits for an answer about the groups
  const { busy, failure, send } = useSubmit(form, async (v: PersonValues & { tie?: boolean }) => {
    const { tie, ...values } = v;
    if (stored) {
      await http.PUT('/api/v1/users/{id}', { params: { path: { id: stored.id } }, body: personInput(values, stored) });
      await regroup(stored.id, groups, before, values.groups, Boolean(tie));
      const { data } = await http.GET('/api/v1/users/{id}', { params: { path: { id: stored.id } } });
      client.setQueryData(['users', 'one', stored.id], data);
      form.setInitialValues(personValues(data!, me, staff));
      form.setValues(personValues(data!, me, staff));
      notifications.show({ color: 'green', message: t('saved') });
    } else setMade((await http.POST('/api/v1/users', { body: personInput(values) })).data as never);
    form.resetDirty();
    for (const key of ['users', 'labels', 'associations']) void client.invalidateQueries({ queryKey: [key] });
  });
  const joins = groups.filter((g) => added(before, (joining ?? form.values).groups).includes(g.id!));
  const save = (v: PersonValues) => (stored && joins.length ? setJoining(v) : send(v));
  const answer = async (how: 'tie' | 'join' | 'reject') => {
    if (how === 'reject') form.setFieldValue('groups', before);
    else await send({ ...joining!, tie: how === 'tie' } as PersonValues);
    setJoining(undefined);
  };
  useWindowEvent('beforeunload', (e) => { if (form.isDirty() && !made) e.preventDefault(); });
  const blocker = useBlocker({ shouldBlockFn: ({ current, next }) => form.isDirty() && !made && current.pathname !== next.pathname, withResolver: true, enableBeforeUnload: false });
  const title = stored?.name ?? (staff ? t('newOperator') : t('newClient'));
  const locked = lockedTabs(category, me);
  const readOnly = !can(stored ? 'user.update' : 'user.create');
  const open = params.tab ?? 'details';
  const onForm = ['details', 'address', 'additional'].includes(open);
  const badTabs = new Set(Object.keys(form.errors).map(errorTab));
  const lockedTab = locked.find((l) => l.key === open);

  return (
    <Stack p="md" gap="md">
      <Group justify="space-between">
        <Group gap="sm" wrap="nowrap">
          <Button variant="subtle" px={8} component={Link} to={`/users/${category}` as string} aria-label={t('back')}><IconArrowLeft size={18} /></Button>
          {stored && <Avatar src={imageOf(stored)} name={stored.name} color="initials" size={48} radius="xl" alt="" />}
          <div>
            <Title order={1} size="h2">{title}</Title>
            {stored && <Group gap={6}><Badge variant="light" tt="none">{t(stored.role)}</Badge><Text size="sm" c="dimmed">{stored.email}</Text>{!stored.verified && <Badge color="orange" variant="light" tt="none">{t('unverified')}</Badge>}</Group>}
          </div>
        </Group>
        {stored && !readOnly && <UserTools user={stored} />}
      </Group>
      <Tabs value={open} onChange={go} classNames={{ list: 'panel-tabs' }}>
        <Tabs.List aria-label={title}>
          {(['details', 'address', 'additional'] as const).map((key) => <Tabs.Tab key={key} value={key} c={badTabs.has(key) ? 'red' : undefined}>{t(key === 'address' ? 'addressTab' : key)}</Tabs.Tab>)}
          {locked.map((l) => (
            <Tooltip key={l.key} label={t('saveFirst')} disabled={Boolean(stored)}>
              <Tabs.Tab value={l.key} disabled={!stored} leftSection={stored ? undefined : <IconLock size={14} />}>{t(l.word)}</Tabs.Tab>
            </Tooltip>
          ))}
        </Tabs.List>
        <form id="person" noValidate onSubmit={form.onSubmit(save, (errors) => go(errorTab(Object.keys(errors)[0] ?? '')))}>
          <Stack pt="md" maw={820} display={onForm ? undefined : 'none'}>
            <Tabs.Panel value="details"><Details form={form} stored={stored} staff={staff} onImage={() => client.invalidateQueries({ queryKey: ['users'] })} /></Tabs.Panel>
            <Tabs.Panel value="address"><Address form={form} stored={stored} company={stored?.company ?? me.user.company} /></Tabs.Panel>
            <Tabs.Panel value="additional"><Additional form={form} staff={staff} company={stored?.company ?? me.user.company} /></Tabs.Panel>
          </Stack>
        </form>
        {stored && lockedTab && <Tabs.Panel value={lockedTab.key} pt="md"><Suspense fallback={<Loader aria-label={t('loading')} />}><lockedTab.view user={stored} form={form} /></Suspense></Tabs.Panel>}
      </Tabs>
      {!readOnly && (
        <div className="save-bar">
          {failure && <Alert color="red" role="alert" py={6}>{failure}</Alert>}
          <Group gap="md"><Button type="submit" form="person" loading={busy} disabled={!ready}>{t('save')}</Button>{stored && <Text size="sm" c="dimmed" role="status">{t(form.isDirty() ? 'unsaved' : 'allSaved')}</Text>}</Group>
        </div>
      )}
      {joining && stored && <JoinDialog name={stored.name} groups={joins} busy={busy} onAnswer={answer} />}
      {made && (
        <Modal opened onClose={() => navigate({ to: `/users/${category}/${made.id}` as string })} title={made.name} closeButtonProps={{ 'aria-label': t('close') }}>
          <Stack>
            <ActivationResult result={made.activation} email={made.email} name={made.name} />
            {made.role === 'customerUser' && <Alert color="orange" role="alert">{t('mustAssign')}</Alert>}
            <Group justify="flex-end"><Button onClick={() => navigate({ to: `/users/${category}/${made.id}` as string })}>{t('close')}</Button></Group>
          </Stack>
        </Modal>
      )}
      {blocker.status === 'blocked' && (
        <Modal opened onClose={blocker.reset} title={t('leave')} closeButtonProps={{ 'aria-label': t('close') }}>
          <Text size="sm">{t('leaveText')}</Text>
          <Group justify="flex-end" mt="md"><Button variant="default" onClick={blocker.reset}>{t('stay')}</Button><Button color="red" onClick={blocker.proceed}>{t('discard')}</Button></Group>
        </Modal>
      )}
    </Stack>
  );
}
