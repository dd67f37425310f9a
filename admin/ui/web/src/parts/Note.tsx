// What a page says beside its work, in four grades: a note, useful
// information, a tip, a warning. The grade stands there in words too.
import { Alert, Text, type AlertProps } from '@mantine/core';
import { IconAlertTriangle, IconBulb, IconInfoCircle, IconNote, type Icon } from '@tabler/icons-react';
import { texts, useT } from '@/i18n';

const own = texts({
  note: ['Note', 'Nota', 'Nota', 'Remarque'],
  info: ['Information', 'Información', 'Informação', 'Information'],
  tip: ['Tip', 'Consejo', 'Dica', 'Conseil'],
  warning: ['Warning', 'Advertencia', 'Aviso', 'Avertissement'],
});

export type Grade = keyof typeof own;

const looks: Record<Grade, { color: string; icon: Icon }> = {
  note: { color: 'gray', icon: IconNote }, info: { color: 'blue', icon: IconInfoCircle }, tip: { color: 'teal', icon: IconBulb }, warning: { color: 'orange', icon: IconAlertTriangle },
};

interface Props extends Omit<AlertProps, 'color' | 'icon' | 'title' | 'variant'> {
  grade: Grade;
  /** In place of the grade's own word. */
  title?: string;
}

export function Note({ grade, title, children, ...props }: Props) {
  const t = useT(own);
  const { color, icon: Glyph } = looks[grade];
  return (
    <Alert variant="light" color={color} icon={<Glyph size={19} stroke={1.7} />} role={grade === 'warning' ? 'alert' : 'note'} aria-label={t(grade)} data-grade={grade} py={9} radius="md" {...props}>
      <Text component="div" size="sm"><Text span fw={650} mr={6}>{title ?? t(grade)}</Text>{children}</Text>
    </Alert>
  );
}
