// The coloured buttons at the end of a customer's row.
import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { IconApps, IconDots, IconEdit, IconLayoutSidebar, IconMap, IconTags, IconTrash, IconUsers } from '@tabler/icons-react';
import type { Schemas } from '@/api/client';
import { useCan, useMe } from '@/api/session';
import { useT } from '@/i18n';
import { RowButton } from '@/parts/RowButton';
import { words } from './words';
import { texts } from '@/i18n';

type Customer = Schemas['Customer'];
const own = texts({ ...words, modules: ['Modules', 'Módulos', 'Módulos', 'Modules'] });

/** useMayChange tells whether the caller may change or delete a customer; its own one it may not. */
export function useMayChange() {
  const me = useMe();
  const can = useCan();
  return (c: Customer, action: 'update' | 'delete') => can(`customer.${action}`) && c.id !== me.user.customer;
}

interface Props {
  customer: Customer;
  onEdit: () => void;
  onDelete: () => void;
}

export function RowTools({ customer: c, onEdit, onDelete }: Props) {
  const t = useT(own);
  const can = useCan();
  const may = useMayChange();
  const at = (tab: string) => `/customers/${c.id}?tab=${tab}` as string;
  return (
    <>
      {may(c, 'update') && <RowButton label={t('edit')} icon={IconEdit} color="green" onClick={onEdit} />}
      {may(c, 'delete') && <RowButton label={t('delete')} icon={IconTrash} color="red" onClick={onDelete} />}
      <RowButton label={t('panel')} icon={IconLayoutSidebar} color="green" to={`/customers/${c.id}`} newTab />
      {can('user.read') && <RowButton label={t('manageUsers')} icon={IconUsers} to={at('users')} />}
      <Menu position="bottom-end">
        <Menu.Target><Tooltip label={t('tools')}><ActionIcon variant="light" color="gray" aria-label={t('tools')}><IconDots size={17} /></ActionIcon></Tooltip></Menu.Target>
        <Menu.Dropdown>
          {may(c, 'update') && <Menu.Item leftSection={<IconEdit size={16} />} onClick={onEdit}>{t('edit')}</Menu.Item>}
          {may(c, 'update') && <Menu.Item leftSection={<IconApps size={16} />} component={Link} to={at('modules')}>{t('modules')}</Menu.Item>}
          {may(c, 'update') && <Menu.Item leftSection={<IconTags size={16} />} component={Link} to={at('tags')}>{t('tags')}</Menu.Item>}
          {can('stream.read') && <Menu.Item leftSection={<IconMap size={16} />} component="a" href={`/map?customer=${c.id}`} target="_blank">{t('deviceMap')}</Menu.Item>}
          {may(c, 'delete') && <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={onDelete}>{t('delete')}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
