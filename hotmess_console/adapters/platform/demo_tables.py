"""The tables of the demo platform: shape D's core, in the words of our own, nearest to what production has.

One entry a table: its columns and constraints. Everything is created in this order, so a table stands after those it refers to.
"""

from __future__ import annotations

_ID = "id uuid PRIMARY KEY DEFAULT gen_random_uuid()"
_USER = "user_id uuid REFERENCES auth.users ON DELETE CASCADE"
_CREATED = "created_at timestamptz NOT NULL DEFAULT now()"
_TIMES = f"{_CREATED}, updated_at timestamptz NOT NULL DEFAULT now()"
_META = "metadata jsonb NOT NULL DEFAULT '{}'"

TABLES: dict[str, str] = {
    "auth.users": f"""{_ID}, email text UNIQUE, raw_user_meta_data jsonb NOT NULL DEFAULT '{{}}', banned_until timestamptz,
        email_confirmed_at timestamptz, last_sign_in_at timestamptz, {_TIMES}""",
    "auth.sessions": f"{_ID}, user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE, {_TIMES}",
    "public.profiles": f"""id uuid PRIMARY KEY REFERENCES auth.users ON DELETE CASCADE, email text, display_name text,
        username text UNIQUE, pronouns text, bio text, city text, avatar_url text, avatar_scan_status text DEFAULT 'pending',
        role text NOT NULL DEFAULT 'user', is_admin bool NOT NULL DEFAULT false, is_visible bool NOT NULL DEFAULT true,
        visibility_state text NOT NULL DEFAULT 'visible', is_demo bool NOT NULL DEFAULT false,
        is_verified bool NOT NULL DEFAULT false, verification_level text NOT NULL DEFAULT 'none', verified_at timestamptz,
        membership_tier text, subscription_tier text DEFAULT 'FREE', subscription_status text, subscription_ends_at timestamptz,
        stripe_subscription_id text, last_seen timestamptz, {_TIMES},
        CHECK (CASE WHEN is_verified THEN verification_level IN ('basic', 'full') ELSE verification_level = 'none' END)""",
    'public."User"': f"""{_ID}, auth_user_id uuid UNIQUE REFERENCES auth.users ON DELETE CASCADE, email text NOT NULL,
        full_name text, role text NOT NULL DEFAULT 'member', is_admin bool NOT NULL DEFAULT false,
        account_status text NOT NULL DEFAULT 'active', verification_status text, stripe_customer_id text,
        subscription_tier text NOT NULL DEFAULT 'FREE', membership_tier text NOT NULL DEFAULT 'basic',
        subscription_status text NOT NULL DEFAULT 'none' CHECK (subscription_status IN
          ('none', 'active', 'canceling', 'canceled', 'past_due', 'trialing')), subscription_ends_at timestamptz, {_TIMES}""",
    "public.memberships": f"""{_ID}, user_id uuid NOT NULL UNIQUE REFERENCES auth.users ON DELETE CASCADE,
        tier text NOT NULL DEFAULT 'mess', status text NOT NULL DEFAULT 'active', started_at timestamptz NOT NULL DEFAULT now(),
        ends_at timestamptz, payment_provider text, {_META}""",
    "public.subscriptions": f"""{_ID}, auth_user_id uuid REFERENCES auth.users ON DELETE SET NULL, user_email text NOT NULL,
        tier text NOT NULL DEFAULT 'basic', status text NOT NULL CHECK (status IN
          ('active', 'trialing', 'past_due', 'canceled', 'incomplete')), provider text, provider_customer_id text,
        provider_subscription_id text, current_period_end timestamptz, cancel_at_period_end bool NOT NULL DEFAULT false,
        {_TIMES}, UNIQUE (user_email, provider_subscription_id)""",
    "public.support_tickets": f"""{_ID}, user_id uuid REFERENCES auth.users ON DELETE SET NULL, user_email text NOT NULL,
        subject text NOT NULL, message text NOT NULL,
        category text NOT NULL DEFAULT 'general' CONSTRAINT support_tickets_category_check CHECK (category IN
          ('general', 'technical', 'billing', 'safety', 'feedback', 'business', 'other')),
        status text NOT NULL DEFAULT 'open' CONSTRAINT support_tickets_status_check CHECK (status IN
          ('open', 'in_progress', 'waiting_response', 'resolved', 'closed')),
        priority text NOT NULL DEFAULT 'normal' CONSTRAINT support_tickets_priority_check CHECK (priority IN
          ('low', 'normal', 'high', 'urgent')),
        admin_response text, assigned_to uuid REFERENCES auth.users ON DELETE SET NULL, resolved_at timestamptz,
        metadata jsonb DEFAULT '{{}}', {_TIMES}""",
    "public.ticket_responses": f"""{_ID}, ticket_id uuid NOT NULL REFERENCES public.support_tickets ON DELETE CASCADE,
        responder_id uuid REFERENCES auth.users ON DELETE SET NULL,
        responder_type text NOT NULL DEFAULT 'user' CHECK (responder_type IN ('user', 'admin', 'system')),
        message text NOT NULL, attachments jsonb DEFAULT '[]', {_CREATED}""",
    "public.reports": f"""{_ID}, reporter_id uuid REFERENCES auth.users ON DELETE SET NULL, target_type text, target_id uuid,
        reason text, notes text, status text NOT NULL DEFAULT 'open', {_CREATED}""",
    "public.moderation_appeals": f"""{_ID}, {_USER}, user_email text NOT NULL, content_id text, content_type text,
        moderation_action_id uuid, appeal_reason text NOT NULL, explanation text,
        status text NOT NULL DEFAULT 'pending' CHECK (status IN
          ('pending', 'under_review', 'upheld', 'overturned', 'dismissed')), reviewer_notes text, reviewed_at timestamptz,
        {_CREATED}""",
    "public.notification_outbox": f"""{_ID}, user_email text NOT NULL, notification_type text NOT NULL, title text, message text,
        {_META}, channel text NOT NULL DEFAULT 'in_app', status text NOT NULL DEFAULT 'queued' CHECK (status IN
          ('queued', 'pending', 'sent', 'failed', 'paused')), send_at timestamptz, sent_at timestamptz, to_email text,
        template_id text, error_message text, dedup_key text, retry_count int NOT NULL DEFAULT 0, retry_after timestamptz,
        created_by text, {_TIMES}""",
    "public.notifications": f"""{_ID}, {_USER}, user_email text, type text, title text, body text, link text, payload jsonb,
        {_META}, read bool NOT NULL DEFAULT false, read_at timestamptz, {_CREATED}""",
    "public.safety_events": f"""{_ID}, user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE,
        type text NOT NULL CHECK (type IN ('sos', 'get_out', 'land_time_miss', 'check_in_miss', 'movement_alert', 'window_alert')),
        delivery_status text, {_META}, resolved_at timestamptz, {_CREATED}""",
    "public.safety_checkins": f"""{_ID}, {_USER}, user_email text, expires_at timestamptz, alerted_at timestamptz,
        alert_status text, delivery_status text, note text, duration_minutes int, response text, responded_at timestamptz,
        location text, status text NOT NULL DEFAULT 'active', {_TIMES}""",
    "public.trusted_contacts": f"""{_ID}, user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE, contact_name text,
        contact_phone text, contact_email text, role text NOT NULL DEFAULT 'trusted' CHECK (role IN ('trusted', 'backup')),
        preferred_channel text, channels_enabled text[], accepted_at timestamptz, {_CREATED}""",
    "public.beacons": f"""{_ID}, title text, description text, code text, type text, status text NOT NULL DEFAULT 'published',
        active bool NOT NULL DEFAULT true, owner_id uuid REFERENCES public.profiles ON DELETE CASCADE, city text,
        geo_lat double precision, geo_lng double precision, visibility text NOT NULL DEFAULT 'public', starts_at timestamptz,
        ends_at timestamptz, is_persistent bool NOT NULL DEFAULT false, {_META}, {_TIMES}""",
    "public.market_listings": f"""{_ID}, seller_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE, title text,
        description text, price_pence int NOT NULL, quantity int NOT NULL DEFAULT 1, images text[],
        status text NOT NULL DEFAULT 'draft', {_TIMES}""",
    "public.profile_photos": f"""{_ID}, profile_id uuid REFERENCES auth.users ON DELETE CASCADE, url text NOT NULL,
        position int NOT NULL DEFAULT 0, is_primary bool NOT NULL DEFAULT false,
        moderation_status text NOT NULL DEFAULT 'approved', {_CREATED}""",
    "public.messages": f"""{_ID}, conversation_id uuid NOT NULL, sender_id uuid REFERENCES auth.users ON DELETE SET NULL,
        content text, attachments jsonb, {_META}, {_CREATED}""",
}  # fmt: skip

OWN_ROWS: dict[str, str] = {
    "public.profiles": "id = auth.uid()",
    'public."User"': "auth_user_id = auth.uid()",
    "public.memberships": "user_id = auth.uid()",
    "public.subscriptions": "auth_user_id = auth.uid()",
    "public.reports": "reporter_id = auth.uid()",
    "public.moderation_appeals": "user_id = auth.uid()",
    "public.notification_outbox": "false",
    "public.notifications": "user_id = auth.uid()",
    "public.safety_events": "user_id = auth.uid()",
    "public.safety_checkins": "user_id = auth.uid()",
    "public.trusted_contacts": "user_id = auth.uid()",
    "public.beacons": "owner_id = auth.uid()",
    "public.market_listings": "seller_id = auth.uid()",
    "public.profile_photos": "profile_id = auth.uid()",
    "public.messages": "sender_id = auth.uid()",
}
"""Row policies of the plain kind: a signed-in user may do anything with rows for which this holds, and with no others."""
