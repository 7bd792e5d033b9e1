import { createLink } from '@tanstack/react-router';
import { Button, type ButtonProps } from 'antd';

// `type` means the media type of a link to the router, so the look has a name of its own.
interface LookProps extends Omit<ButtonProps, 'type'> {
  is_primary?: boolean;
}

/** A link that looks like a button: one element, so that it opens in a new tab and is announced as a link. */
export const LinkButton = createLink(({ is_primary = false, ...props }: LookProps) => (
  <Button {...props} type={is_primary ? 'primary' : 'default'} />
));
