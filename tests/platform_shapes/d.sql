-- Shape D: nearest to production. C's core and the tickets are there already; live shapes and the rest of B come here.
DROP TABLE public.notification_outbox;
CREATE TABLE public.notification_outbox (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_email text NOT NULL, notification_type text NOT NULL,
  title text, message text, metadata jsonb NOT NULL DEFAULT '{}', channel text NOT NULL DEFAULT 'in_app',
  status text DEFAULT 'queued' CHECK (status IN ('queued', 'pending', 'sent', 'failed', 'paused')),
  error_message text, dedup_key text, retry_count integer NOT NULL DEFAULT 0, retry_after timestamptz,
  send_at timestamptz, sent_at timestamptz
);
DROP TABLE public.beacons;
CREATE TABLE public.beacons (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), title text, description text, code text, type text, status text,
  active boolean, owner_id uuid, city text, geo_lat double precision, geo_lng double precision, visibility text,
  starts_at timestamptz, ends_at timestamptz, is_persistent boolean DEFAULT false
);
CREATE TABLE public."User" (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), auth_user_id uuid, email text, full_name text,
  role text DEFAULT 'member', is_admin boolean DEFAULT false, account_status text DEFAULT 'active',
  verification_status text, subscription_tier text DEFAULT 'FREE', membership_tier text DEFAULT 'basic',
  subscription_status text NOT NULL DEFAULT 'none', subscription_ends_at timestamptz,
  created_at timestamptz DEFAULT now()
);
CREATE TABLE public.memberships (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL UNIQUE, tier text, status text,
  started_at timestamptz, ends_at timestamptz, metadata jsonb
);
CREATE TABLE public.reports (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), reporter_id uuid, target_type text, target_id uuid, reason text,
  notes text, status text, created_at timestamptz DEFAULT now()
);
CREATE TABLE public.profile_photos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), profile_id uuid REFERENCES auth.users, url text,
  position integer, is_primary boolean, moderation_status text NOT NULL DEFAULT 'approved'
);
CREATE TABLE public.safety_incidents (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid REFERENCES public.profiles,
  lat double precision NOT NULL, lng double precision NOT NULL, status text DEFAULT 'active', resolved_at timestamptz
);
CREATE TABLE public.safety_checkins (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_email text NOT NULL, check_in_time timestamptz,
  expected_check_out timestamptz, location text, status text, notes text
);
CREATE TABLE public.moderation_appeals (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid, user_email text NOT NULL, appeal_reason text NOT NULL,
  status text NOT NULL DEFAULT 'pending', reviewer_notes text, reviewed_at timestamptz
);
CREATE TABLE public.subscriptions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), auth_user_id uuid, user_email text NOT NULL, tier text, status text
);
ALTER TABLE public."User" ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.reports ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.safety_checkins ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.moderation_appeals ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own user" ON public."User" USING (auth_user_id = auth.uid());
CREATE POLICY "own membership" ON public.memberships USING (user_id = auth.uid());
CREATE POLICY "own appeals" ON public.moderation_appeals USING (user_id = auth.uid());
