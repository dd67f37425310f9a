// The people: those of customers, and the company's own staff.
import { Avatar, Badge, Button, SegmentedControl, Select, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { IconEdit, IconLink, IconTrash } from '@tabler/icons-react';
import { http, type Schemas } from '@/api/client';
import { useCan, useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import { useBulk } from '@/parts/bulk/BulkMenu';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { imageOf } from '@/parts/ImagePicker';
import { RecordList, type Column } from '@/parts/RecordList';
import { RowButton } from '@/parts/RowButton';
import { usePersonColumns } from '../customer/users/columns';
import { UserTools } from '../customer/users/UserTools';
import { Association } from './Association';
import { words } from './words';

type User = Schemas['User'];
export type Category = 'clients' | 'operators';

export const Clients = () => <People key="clients" category="clients" />;
export const Operators = () => <People key="operators" category="operators" />;

function People({ category }: { category: Category }) {
  const t = useT(words);
  const me = useMe();
  const can = useCan();
  const client = useQueryClient();
  const navigate = useNavigate();
  const params = useSearch({ strict: false }) as Record<string, string | undefined>;
  const set = (change: Record<string, string | undefined>) => navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, ...change }), replace: true } as never);
  const staff = category === 'operators';
  const groups = useQuery({
    queryKey: ['labels', 'groups', category], enabled: can('label.read'),
    queryFn: async () => (await http.GET('/api/v1/labels', { params: { query: { limit: 1000 } } })).data!.items.filter((l) => l.of === (staff ? 'operator' : 'user')),
  }).data ?? [];
  const bulk = useBulk(category === 'operators' ? 'operators' : 'users');
  const open = (u: User) => navigate({ to: `/users/${category}/${u.id}` as string });
  const [first, ...rest] = usePersonColumns();
  const columns: Column<User>[] = [
    { key: 'photo', label: t('photo'), render: (u) => <Avatar src={imageOf(u)} name={u.name} color="initials" size={32} radius="xl" alt="" /> },
    first!, ...rest,
    { key: 'role', sort: 'role', label: t('role'), render: (u) => t(u.role) },
    ...(staff ? [] : [{ key: 'assigned', label: t('devices'), render: (u: User) => (u.role === 'customerUser' ? t('assignedN', { n: u.assigned }) : t('allDevices')) }]),
    { key: 'groups', label: t('groups'), render: (u) => u.groups.map((g) => <Badge key={g.id} size="sm" variant="light" tt="none" mr={4} miw="max-content">{g.name}</Badge>) },
    { key: 'flags', label: t('toCheck'), render: (u) => u.flags.includes('no-devices') && <Text size="xs" c="var(--mantine-color-orange-light-color)">{t('noDevicesFlag')}</Text> },
  ];
  const changed = () => client.invalidateQueries({ queryKey: ['users'] });
  const remove = (u: User) => confirmDelete(t as never, u.name, t('deleteUserText'), () => http.DELETE('/api/v1/users/{id}', { params: { path: { id: u.id }, query: { version: u.version } } }), changed);
  if (params.mode === 'association' && can('association.read')) return <Association category={category} onClose={() => set({ mode: undefined })} />;
  return (
    <RecordList name="users" scope={category} title={t(category)} columns={columns} rowKey={(u) => u.id} filterKeys={['label']}
      load={async (query) => {
        const { data } = await http.GET('/api/v1/users', { params: { query: { ...query, owner: staff ? me.user.company : undefined } } });
        return staff ? data! : { ...data!, items: data!.items.filter((u) => u.customer) };
      }}
      filters={
        <>
          {isStaff(me) && can('user.create') && <SegmentedControl aria-label={t('category')} value={category} onChange={(c) => navigate({ to: `/users/${c}` as string })} data={[{ value: 'clients', label: t('clients') }, { value: 'operators', label: t('operators') }]} />}
          {groups.length > 0 && <Select aria-label={t('groups')} placeholder={t('groups')} w={170} clearable data={groups.map((g) => ({ value: g.id!, label: g.name }))} value={params.label ?? null} onChange={(v) => set({ label: v ?? undefined })} />}
        </>
      }
      newLabel={staff ? t('newOperator') : t('newClient')} onNew={can('user.create') ? () => navigate({ to: `/users/${category}/new` as string }) : undefined} newMore={bulk} onOpen={open}
      tools={isStaff(me) && can('association.read') ? <Button variant="default" leftSection={<IconLink size={16} />} onClick={() => set({ mode: 'association' })}>{t('associationMode')}</Button> : undefined}
      rowActions={can('user.update') ? (u) => (
        <>
          <RowButton label={t('edit')} icon={IconEdit} color="green" to={`/users/${category}/${u.id}`} />
          {can('user.delete') && u.id !== me.user.id && <RowButton label={t('delete')} icon={IconTrash} color="red" onClick={() => remove(u)} />}
          <UserTools user={u} />
        </>
      ) : undefined}
      empty={{ title: t('noPeople'), text: staff ? t('noOperatorsText') : t('noClientsText') }} />
  );
}
