-- Shape C: the baseline dump of mid 2026. Core tables only: no tickets, no "User", no reports.
CREATE TABLE public.profiles (
  id uuid PRIMARY KEY REFERENCES auth.users ON DELETE CASCADE,
  email text,
  display_name text,
  username text,
  pronouns text,
  city text,
  role text NOT NULL DEFAULT 'user',
  is_admin boolean DEFAULT false,
  is_visible boolean DEFAULT true,
  visibility_state text NOT NULL DEFAULT 'visible',
  is_demo boolean DEFAULT false,
  is_verified boolean DEFAULT false,
  verification_level text DEFAULT 'none',
  verified_at timestamptz,
  membership_tier text,
  subscription_tier text DEFAULT 'FREE',
  subscription_status text,
  subscription_ends_at timestamptz,
  stripe_subscription_id text,
  last_seen timestamptz,
  created_at timestamptz DEFAULT now(),
  updated_at timestamptz DEFAULT now()
);
CREATE TABLE public.notification_outbox (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid, type text, payload jsonb, status text,
  error_message text, processed_at timestamptz, created_at timestamptz DEFAULT now()
);
CREATE TABLE public.notifications (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid, user_email text, type text, title text, body text,
  link text, payload jsonb, metadata jsonb, read boolean DEFAULT false, read_at timestamptz
);
CREATE TABLE public.safety_events (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL,
  type text NOT NULL CHECK (type IN ('sos', 'get_out', 'land_time_miss', 'check_in_miss', 'movement_alert', 'window_alert')),
  delivery_status text, metadata jsonb, resolved_at timestamptz, created_at timestamptz DEFAULT now()
);
CREATE TABLE public.beacons (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), creator_id uuid, is_active boolean);
CREATE TABLE public.market_listings (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), seller_id uuid NOT NULL, title text, price_pence integer NOT NULL,
  status text DEFAULT 'draft', quantity integer
);
CREATE TABLE public.messages (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), conversation_id uuid, sender_id uuid, content text, attachments jsonb
);
CREATE TABLE public.trusted_contacts (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid NOT NULL, contact_phone text,
  role text CHECK (role IN ('trusted', 'backup'))
);
CREATE TABLE public.stripe_events_log (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.notification_outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.safety_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.messages ENABLE ROW LEVEL SECURITY;
CREATE POLICY profiles_select_all_authenticated ON public.profiles FOR SELECT TO authenticated USING (true);
CREATE POLICY "own profile" ON public.profiles FOR UPDATE USING (id = auth.uid());
