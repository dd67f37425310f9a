// Who the customer is and how it stands, above everything of its panel.
import { ActionIcon, Anchor, Badge, Breadcrumbs, Button, Group, Menu, Paper, SimpleGrid, Text, Title, Tooltip, UnstyledButton } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { IconDots, IconEdit, IconMap, IconQrcode, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useCan, useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useLang, useT } from '@/i18n';
import { CustomerImage, StateBadge } from '@/pages/customers/columns';
import { DeleteCustomer } from '@/pages/customers/DeleteCustomer';
import { EditCustomer } from '@/pages/customers/form/EditCustomer';
import { usePlans } from '@/pages/customers/form/choices';
import { useMayChange } from '@/pages/customers/RowTools';
import type { Customer } from './data';
import { QrDialog } from './QrDialog';
import type { Tab } from './tabs';
import { words } from './words';

export function Header({ customer: c, counted, onTab }: { customer: Customer; counted: Tab[]; onTab: (key: string) => void }) {
  const t = useT(words);
  const { lang } = useLang();
  const me = useMe();
  const can = useCan();
  const may = useMayChange();
  const navigate = useNavigate();
  const plan = usePlans().find((p) => p.id === c.plan);
  const [doing, setDoing] = useState<'edit' | 'delete' | 'qr'>();
  return (
    <>
      {(isStaff(me) || c.path.length > 0) && (
        <Breadcrumbs separatorMargin={6}>
          {isStaff(me) && <Anchor component={Link} to="/customers" size="sm">{t('customers')}</Anchor>}
          {c.path.map((p) => <Anchor key={p.id} component={Link} to={`/customers/${p.id}` as string} size="sm">{p.name}</Anchor>)}
          <Text size="sm" c="dimmed">{c.name}</Text>
        </Breadcrumbs>
      )}
      <Group justify="space-between" align="flex-start" wrap="wrap" gap="sm">
        <Group wrap="nowrap" gap="md" miw={0}>
          <CustomerImage customer={c} size={56} />
          <div style={{ minWidth: 0 }}>
            <Title order={1} size="h2" lineClamp={2}>{c.name}</Title>
            <Group gap={6} mt={4}>
              <StateBadge customer={c} />
              {plan && <Badge variant="default" tt="none">{plan.name}</Badge>}
              {c.trialEnds && <Badge color="orange" variant="light" tt="none">{t('trialUntil', { day: new Date(c.trialEnds).toLocaleDateString(lang, { dateStyle: 'medium' }) })}</Badge>}
              {c.internalSystem && <Badge color="gray" variant="light" tt="none">{t('internal')}</Badge>}
              {c.tags?.map((tag) => <Badge key={tag} variant="light" tt="none">{tag}</Badge>)}
              <Text size="sm" c="dimmed">{[c.code, c.reference].filter(Boolean).join(' · ')}</Text>
            </Group>
          </div>
        </Group>
        <Group gap="xs">
          {can('stream.read') && <Button variant="default" leftSection={<IconMap size={16} />} component="a" href={`/map?customer=${c.id}`} target="_blank" title={t('newTab')}>{t('deviceMap')}</Button>}
          {can('qrLogin.create') && <Button variant="default" leftSection={<IconQrcode size={16} />} onClick={() => setDoing('qr')}>{t('qr')}</Button>}
          {may(c, 'update') && <Button variant="light" color="green" leftSection={<IconEdit size={16} />} onClick={() => setDoing('edit')}>{t('edit')}</Button>}
          {may(c, 'delete') && (
            <Menu position="bottom-end">
              <Menu.Target><Tooltip label={t('tools')}><ActionIcon variant="default" size={36} aria-label={t('tools')}><IconDots size={18} /></ActionIcon></Tooltip></Menu.Target>
              <Menu.Dropdown><Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setDoing('delete')}>{t('delete')}</Menu.Item></Menu.Dropdown>
            </Menu>
          )}
        </Group>
      </Group>
      <SimpleGrid cols={{ base: 2, sm: Math.max(counted.length, 2) }} spacing="sm" maw={720}>
        {counted.map((tab) => (
          <UnstyledButton key={tab.key} onClick={() => onTab(tab.key)}>
            <Paper withBorder p="xs" px="sm" radius="md">
              <Text size="xs" c="dimmed">{t(tab.word)}</Text>
              <Group gap={8}><tab.icon size={18} stroke={1.6} opacity={0.6} /><Text fw={650} size="lg" className="tabular">{new Intl.NumberFormat(lang).format(tab.count!(c))}</Text></Group>
            </Paper>
          </UnstyledButton>
        ))}
      </SimpleGrid>
      {doing === 'edit' && <EditCustomer customer={c} onClose={() => setDoing(undefined)} onDelete={may(c, 'delete') ? () => setDoing('delete') : undefined} />}
      {doing === 'qr' && <QrDialog customer={c} onClose={() => setDoing(undefined)} />}
      {doing === 'delete' && <DeleteCustomer customer={c} onClose={() => setDoing(undefined)} onDeleted={() => navigate({ to: '/customers' })} />}
    </>
  );
}
