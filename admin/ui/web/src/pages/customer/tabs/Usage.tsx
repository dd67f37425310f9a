import { Alert, Button, Center, Group, Loader, Paper, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { MonthPickerInput } from '@mantine/dates';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { IconPrinter } from '@tabler/icons-react';
import { useState } from 'react';
import { http } from '@/api/client';
import { texts, useLang, useT } from '@/i18n';
import type { TabProps } from '../tabs';
import { words } from '../words';
import { own } from './words';

/** What the customer had in a month, and what that costs. */
export default function Usage({ customer }: TabProps) {
  const t = useT({ ...own, ...texts({ usage: words.usage }) });
  const { lang } = useLang();
  const asked = useSearch({ strict: false }) as { month?: string };
  const [month, setMonth] = useState(asked.month ?? new Date().toISOString().slice(0, 7));
  const { data: s, error } = useQuery({
    queryKey: ['statement', customer.id, month],
    queryFn: async () => (await http.GET('/api/v1/customers/{id}/statement', { params: { path: { id: customer.id }, query: { month } } })).data!,
  });
  const money = (hundredths: number) => (s?.currency ? new Intl.NumberFormat(lang, { style: 'currency', currency: s.currency }).format(hundredths / 100) : new Intl.NumberFormat(lang, { minimumFractionDigits: 2 }).format(hundredths / 100));
  const figures = s && [[t('devices'), s.usage.devices], [t('users'), s.usage.users], [t('geofences'), s.usage.geofences], [t('sms'), s.sms]] as const;
  return (
    <Stack maw={820}>
      <Group justify="space-between" align="flex-end">
        <Title order={2} size="h3">{t('usage')}</Title>
        <Group gap="xs" align="flex-end">
          <MonthPickerInput label={t('month')} w={190} value={`${month}-01`} maxDate={new Date()} onChange={(d) => d && setMonth(d.slice(0, 7))} valueFormat="MMMM YYYY" />
          <Button variant="default" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>{t('print')}</Button>
        </Group>
      </Group>
      {error && <Alert color="red" role="alert">{error.message}</Alert>}
      {!s && !error && <Center p="xl"><Loader aria-label={t('loading')} /></Center>}
      {s && (
        <>
          {s.open && <Text size="sm" c="dimmed">{t('open')}</Text>}
          <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
            {figures!.map(([label, n]) => <Paper key={label} withBorder p="sm" radius="md"><Text size="xs" c="dimmed">{label}</Text><Text fw={650} size="lg" className="tabular">{new Intl.NumberFormat(lang).format(n)}</Text></Paper>)}
          </SimpleGrid>
          <Table.ScrollContainer minWidth={420}>
            <Table>
              <Table.Thead><Table.Tr><Table.Th>{t('item')}</Table.Th><Table.Th ta="right">{t('quantity')}</Table.Th><Table.Th ta="right">{t('price')}</Table.Th><Table.Th ta="right">{t('amount')}</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody className="tabular">
                {s.lines.map((l, i) => (
                  <Table.Tr key={i}><Table.Td>{l.text}{l.zeroRated && <Text span c="dimmed" size="sm"> ({t(l.zeroRated)})</Text>}</Table.Td><Table.Td ta="right">{new Intl.NumberFormat(lang).format(l.quantity)}</Table.Td><Table.Td ta="right">{money(l.price)}</Table.Td><Table.Td ta="right">{money(l.amount)}</Table.Td></Table.Tr>
                ))}
              </Table.Tbody>
              <Table.Tfoot><Table.Tr><Table.Th colSpan={3}>{t('total')}</Table.Th><Table.Th ta="right" className="tabular">{money(s.total)}</Table.Th></Table.Tr></Table.Tfoot>
            </Table>
          </Table.ScrollContainer>
          <Text size="sm" c="dimmed">{t('reference')}: {s.reference}</Text>
        </>
      )}
    </Stack>
  );
}
