// The modules of the product with a tick each: what a customer or a user has.
import { Checkbox, SimpleGrid, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { http } from '@/api/client';
import { texts, useT } from '@/i18n';

const own = texts({
  modules: ['Modules', 'Módulos', 'Módulos', 'Modules'],
  offCompany: ['Switched off for the whole company', 'Desactivado para toda la empresa', 'Desativado para toda a empresa', 'Désactivé pour toute l’entreprise'],
  notInPlan: ['Not part of the plan', 'No está incluido en el plan', 'Não faz parte do plano', 'Ne fait pas partie du plan'],
});

/** useModules lists the product's modules as a company calls them. */
export function useModules(company: string | undefined) {
  return useQuery({
    queryKey: ['modules', company], enabled: Boolean(company), staleTime: 60_000,
    queryFn: async () => (await http.GET('/api/v1/companies/{id}/modules', { params: { path: { id: company! } } })).data!.items,
  }).data ?? [];
}

interface Props {
  company?: string;
  /** What can be ticked; absent: everything that the company offers. */
  available?: string[];
  value: string[];
  onChange: (modules: string[]) => void;
  readOnly?: boolean;
}

export function ModuleTicks({ company, available, value, onChange, readOnly }: Props) {
  const t = useT(own);
  const modules = useModules(company);
  return (
    <Checkbox.Group value={value} onChange={onChange} aria-label={t('modules')}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
        {modules.length === 0 && Array.from({ length: 8 }, (_, i) => <Skeleton key={i} h={62} radius="md" />)}
        {modules.map((m) => {
          const offered = m.on && (!available || available.includes(m.module));
          const why = !m.on ? t('offCompany') : !offered ? t('notInPlan') : m.description;
          return (
            <Checkbox.Card key={m.module} value={m.module} disabled={!offered || readOnly} p="sm" radius="md" aria-label={m.name} style={{ opacity: offered ? 1 : 0.55, display: 'flex', gap: 12, alignItems: 'flex-start' }}>
              <Checkbox.Indicator mt={2} />
              <div><Text size="sm" fw={600}>{m.name}</Text><Text size="xs" c="dimmed">{why}</Text></div>
            </Checkbox.Card>
          );
        })}
      </SimpleGrid>
    </Checkbox.Group>
  );
}
