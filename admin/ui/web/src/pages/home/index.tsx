import { Navigate } from '@tanstack/react-router';

export function Home() {
  return <Navigate to="/customers" />;
}
