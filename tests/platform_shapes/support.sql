-- Tickets and replies as the migrations make them (A, B, D).
CREATE TABLE public.support_tickets (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid REFERENCES auth.users ON DELETE SET NULL,
  user_email text NOT NULL,
  subject text NOT NULL,
  message text NOT NULL,
  category text NOT NULL DEFAULT 'general'
    CHECK (category IN ('general', 'technical', 'billing', 'safety', 'feedback', 'business', 'other')),
  status text NOT NULL DEFAULT 'open'
    CHECK (status IN ('open', 'in_progress', 'waiting_response', 'resolved', 'closed')),
  priority text NOT NULL DEFAULT 'normal' CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
  admin_response text,
  assigned_to uuid REFERENCES auth.users ON DELETE SET NULL,
  resolved_at timestamptz,
  metadata jsonb DEFAULT '{}',
  created_at timestamptz DEFAULT now(),
  updated_at timestamptz DEFAULT now()
);
CREATE INDEX support_tickets_status_idx ON public.support_tickets (status);
CREATE INDEX support_tickets_created_idx ON public.support_tickets (created_at DESC);

CREATE TABLE public.ticket_responses (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  ticket_id uuid NOT NULL REFERENCES public.support_tickets ON DELETE CASCADE,
  responder_id uuid REFERENCES auth.users ON DELETE SET NULL,
  responder_type text NOT NULL DEFAULT 'user' CHECK (responder_type IN ('user', 'admin', 'system')),
  message text NOT NULL,
  attachments jsonb DEFAULT '[]',
  created_at timestamptz DEFAULT now()
);

ALTER TABLE public.support_tickets ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.ticket_responses ENABLE ROW LEVEL SECURITY;
-- Known fault: the reading policies look into auth.users, which nobody signed in may read.
CREATE POLICY "read own tickets" ON public.support_tickets FOR SELECT
  USING (auth.uid() = user_id OR user_email = (SELECT email FROM auth.users WHERE id = auth.uid()));
-- Known fault: anybody signed in may name any user, status and priority.
CREATE POLICY "open tickets" ON public.support_tickets FOR INSERT WITH CHECK (auth.uid() IS NOT NULL);
CREATE POLICY "read own replies" ON public.ticket_responses FOR SELECT USING (EXISTS (
  SELECT 1 FROM public.support_tickets t WHERE t.id = ticket_id AND t.user_id = auth.uid()));
CREATE POLICY "reply to own tickets" ON public.ticket_responses FOR INSERT WITH CHECK (EXISTS (
  SELECT 1 FROM public.support_tickets t WHERE t.id = ticket_id AND t.user_id = auth.uid()));

-- The platform's functions rely on the search path of whoever calls.
CREATE FUNCTION public.bump_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE support_tickets SET updated_at = NOW() WHERE id = NEW.ticket_id;
  RETURN NEW;
END $$;
CREATE TRIGGER bump_ticket AFTER INSERT ON public.ticket_responses
  FOR EACH ROW EXECUTE FUNCTION public.bump_ticket();
