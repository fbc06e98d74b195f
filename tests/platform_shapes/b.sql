-- Shape B: the migrations of June 2026, on top of A.
ALTER TABLE public.profiles ADD membership_tier text, ADD subscription_status text, ADD is_visible boolean DEFAULT true;
ALTER TABLE public."User" ADD is_admin boolean DEFAULT false;
ALTER TABLE public.notification_outbox
  ADD error_message text, ADD dedup_key text, ADD retry_count integer NOT NULL DEFAULT 0, ADD retry_after timestamptz,
  ADD CHECK (status IN ('queued', 'pending', 'sent', 'failed', 'paused'));
CREATE TABLE public.profile_photos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), profile_id uuid REFERENCES auth.users, url text,
  position integer, is_primary boolean, moderation_status text NOT NULL DEFAULT 'approved'
);
CREATE TABLE public.preloved_listings (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), status text);
CREATE TABLE public.moderation_appeals (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid, user_email text NOT NULL, appeal_reason text NOT NULL,
  status text NOT NULL DEFAULT 'pending'
    CHECK (status IN ('pending', 'under_review', 'upheld', 'overturned', 'dismissed')),
  reviewer_notes text, reviewed_at timestamptz, created_at timestamptz DEFAULT now()
);
ALTER TABLE public.moderation_appeals ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own appeals" ON public.moderation_appeals USING (user_id = auth.uid());

-- Known faults of this shape: two of the platform's own triggers name columns that are not there.
CREATE FUNCTION public.new_user_profile() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO public.profiles (id, email, subscription_tier) VALUES (NEW.id, NEW.email, 'FREE');
  RETURN NEW;
END $$;
CREATE TRIGGER new_user_profile AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION public.new_user_profile();
CREATE FUNCTION public.drop_equal_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM public.notifications n WHERE n.user_id = NEW.user_id;
  RETURN NEW;
END $$;
CREATE TRIGGER drop_equal_notice BEFORE INSERT ON public.notifications
  FOR EACH ROW EXECUTE FUNCTION public.drop_equal_notice();
