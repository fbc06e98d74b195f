-- Shape A: the migrations of January 2026. Profiles know no role and no tier; "User" does.
CREATE TABLE public.profiles (
  id uuid PRIMARY KEY REFERENCES auth.users ON DELETE CASCADE,
  email text,
  display_name text,
  username text,
  city text,
  role_flags jsonb DEFAULT '{}',
  is_verified boolean NOT NULL DEFAULT false,
  verification_level text NOT NULL DEFAULT 'none' CHECK (verification_level IN ('none', 'basic', 'full')),
  last_seen timestamptz,
  created_at timestamptz DEFAULT now(),
  CONSTRAINT verified_with_level CHECK (is_verified = (verification_level <> 'none'))
);
CREATE TABLE public."User" (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  auth_user_id uuid,
  email text,
  full_name text,
  role text DEFAULT 'member',
  account_status text DEFAULT 'active',
  verification_status text,
  subscription_tier text DEFAULT 'FREE',
  membership_tier text DEFAULT 'basic',
  subscription_status text NOT NULL DEFAULT 'none'
    CHECK (subscription_status IN ('none', 'active', 'canceling', 'canceled', 'past_due', 'trialing')),
  subscription_ends_at timestamptz,
  created_at timestamptz DEFAULT now()
);
CREATE TABLE public.subscriptions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  auth_user_id uuid,
  user_email text NOT NULL,
  tier text DEFAULT 'basic',
  status text CHECK (status IN ('active', 'trialing', 'past_due', 'canceled', 'incomplete')),
  provider_subscription_id text,
  UNIQUE (user_email, provider_subscription_id)
);
CREATE TABLE public.reports (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  reporter_email text NOT NULL,
  reported_item_type text NOT NULL,
  reported_item_id text NOT NULL,
  reason text NOT NULL,
  details text,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'reviewed', 'resolved', 'dismissed')),
  created_at timestamptz DEFAULT now()
);
CREATE TABLE public.notification_outbox (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_email text NOT NULL,
  notification_type text NOT NULL,
  title text, message text,
  metadata jsonb NOT NULL DEFAULT '{}',
  channel text NOT NULL DEFAULT 'in_app',
  status text DEFAULT 'queued',
  send_at timestamptz, sent_at timestamptz
);
CREATE TABLE public.notifications (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_email text, type text, title text,
  message text NOT NULL,
  link text, metadata jsonb, read boolean DEFAULT false
);
CREATE TABLE public.beacons (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  type text CHECK (type IN ('social', 'event', 'drop', 'market', 'radio', 'safety')),
  owner_id uuid REFERENCES public.profiles,
  lat double precision NOT NULL, lng double precision NOT NULL,
  starts_at timestamptz, ends_at timestamptz,
  visibility text CHECK (visibility IN ('public', 'nearby', 'verified_only', 'admin_only'))
);
CREATE TABLE public.messages (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), thread_id uuid, sender_email text, content text
);
CREATE TABLE public.safety_incidents (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid REFERENCES public.profiles,
  lat double precision NOT NULL, lng double precision NOT NULL, status text DEFAULT 'active', resolved_at timestamptz
);
CREATE TABLE public.safety_checkins (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_email text NOT NULL, check_in_time timestamptz,
  expected_check_out timestamptz, location text, status text, notes text
);
CREATE TABLE public.trusted_contacts (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_email text, contact_name text, contact_email text
);
ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY;
ALTER TABLE public."User" ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.reports ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.notification_outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.safety_checkins ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own profile" ON public.profiles USING (id = auth.uid());
CREATE POLICY "own user" ON public."User" USING (auth_user_id = auth.uid());
