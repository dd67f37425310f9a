import { MarkersOf } from '@/pages/markers';
import type { TabProps } from '../tabs';

/** A customer's points of interest. */
export default function Markers({ customer }: TabProps) {
  return <MarkersOf owner={customer.id} />;
}
