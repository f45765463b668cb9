import { useRadio } from './context';

export function ServerBanner() {
  const lost = useRadio().connection.value === 'lost';
  return (
    <div role="alert" class="banner-place">
      {lost && (
        <p class="banner">
          <strong>The server does not answer.</strong> This page tries again by itself and goes on as soon as it is back.
        </p>
      )}
    </div>
  );
}
