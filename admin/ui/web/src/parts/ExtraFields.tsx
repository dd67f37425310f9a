// The additional fields that a company set up for a kind of form.
import { Autocomplete, Checkbox, NumberInput, Select, SimpleGrid, Text, TextInput } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useQuery } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { texts, useLang, useT } from '@/i18n';

const own = texts({
  noFields: ['No additional fields are set up. They are defined in the parameters.', 'No hay campos adicionales. Se definen en los parámetros.', 'Não há campos adicionais. Eles são definidos nos parâmetros.', 'Aucun champ supplémentaire. Ils se définissent dans les paramètres.'],
});

type Field = Schemas['Field'];

/** useFields lists the additional fields of a kind of form, in their order. */
export function useFields(entity: Field['entity'], company: string | undefined) {
  const can = useCan();
  return useQuery({
    queryKey: ['fields', company], enabled: Boolean(company) && can('field.read'), staleTime: 60_000,
    queryFn: async () => (await http.GET('/api/v1/fields', { params: { query: { owner: company, limit: 1000 } } })).data!.items,
    select: (all) => all.filter((f) => f.entity === entity).sort((a, b) => (a.order ?? 0) - (b.order ?? 0)),
  }).data;
}

interface Props {
  entity: Field['entity'];
  company?: string;
  value: Record<string, string>;
  onChange: (value: Record<string, string>) => void;
  /** The API's refusals, by path: extra.ID. */
  errors?: Record<string, unknown>;
  /** Say nothing where none is set up. */
  quiet?: boolean;
}

export function ExtraFields({ entity, company, value, onChange, errors = {}, quiet }: Props) {
  const t = useT(own);
  const { lang } = useLang();
  const fields = useFields(entity, company);
  if (!fields?.length) return quiet ? null : <Text c="dimmed">{t('noFields')}</Text>;
  const set = (id: string, v: string) => onChange({ ...value, [id]: v });
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
      {fields.map((f) => {
        const id = f.id!, has = value[id] ?? '';
        const shared = { label: f.label[lang] || f.label.en || f.label.es || f.label.pt || f.label.fr, required: f.required, error: errors[`extra.${id}`] as string | undefined };
        switch (f.type) {
          case 'number': return <NumberInput key={id} {...shared} value={has === '' ? '' : Number(has)} onChange={(v) => set(id, String(v))} />;
          case 'date': return <DateInput key={id} {...shared} clearable valueFormat="L" value={has || null} onChange={(v) => set(id, v ?? '')} />;
          case 'bool': return <Checkbox key={id} mt="xl" label={shared.label} error={shared.error} checked={has === 'true'} onChange={(e) => set(id, e.currentTarget.checked ? 'true' : 'false')} />;
          case 'list': return (f.options?.length ?? 0) > 0 ? <Select key={id} {...shared} clearable={!f.required} data={f.options!} value={has || null} onChange={(v) => set(id, v ?? '')} /> : <Autocomplete key={id} {...shared} value={has} onChange={(v) => set(id, v)} />;
          default: return <TextInput key={id} {...shared} value={has} onChange={(e) => set(id, e.currentTarget.value)} />;
        }
      })}
    </SimpleGrid>
  );
}

/** extraOf leaves out what was not filled in. */
export const extraOf = (value: Record<string, string>) => Object.fromEntries(Object.entries(value).filter(([, v]) => v !== ''));
