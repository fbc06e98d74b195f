"""When a server must prove who it is, and what each way to it can do."""

from __future__ import annotations

import pytest

from hotmess_console.domain.connections import Mode
from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.policy.connections import (
    Endpoint,
    abilities,
    check_transport,
    endpoints,
    is_local,
)

pytestmark = pytest.mark.authority


@pytest.mark.parametrize(
    ("host", "address", "local"),
    [
        ("", "", True),
        ("/run/postgresql", "", True),
        ("@abstract", "", True),
        ("localhost", "", True),
        ("LOCALHOST", "", True),
        ("127.0.0.1", "", True),
        ("127.8.4.2", "", True),
        ("::1", "", True),
        ("::ffff:127.0.0.1", "", True),
        ("localhost", "127.0.0.1", True),
        ("", "127.0.0.1", True),
        ("db.example.org", "", False),
        ("db.example.org", "127.0.0.1", False),
        ("localhost", "203.0.113.7", False),
        ("/run/postgresql", "203.0.113.7", False),
        ("", "203.0.113.7", False),
        ("localhost.example.org", "", False),
        ("127.0.0.1.example.org", "", False),
        ("127.1", "", False),
        ("0x7f000001", "", False),
        ("2130706433", "", False),
        ("0.0.0.0", "", False),
        ("::", "", False),
        ("::ffff:203.0.113.7", "", False),
        (" localhost", "", False),
        ("10.0.0.5", "", False),
    ],
)
def test_only_sockets_and_the_loopback_address_stay_on_this_machine(host: str, address: str, local: bool) -> None:
    assert is_local(Endpoint(host, address)) is local


def test_lists_of_hosts_and_addresses_belong_together_place_by_place() -> None:
    assert endpoints("a,b", "1,2") == (Endpoint("a", "1"), Endpoint("b", "2"))
    assert endpoints("a", "1,2") == (Endpoint("a", "1"), Endpoint("", "2"))
    assert endpoints("", "") == (Endpoint(),)


@pytest.mark.parametrize("sslmode", ["disable", "allow", "prefer", "require", "verify-ca", "VERIFY-FULL", "nonsense"])
def test_anything_weaker_than_verify_full_is_refused_off_this_machine(sslmode: str) -> None:
    with pytest.raises(BadInput, match=f"sslmode={sslmode}") as refused:
        check_transport(endpoints("db.example.org", ""), sslmode, "/etc/ca.crt")
    assert "verify-full" in refused.value.hint
    check_transport(endpoints("localhost", ""), sslmode, "")


@pytest.mark.parametrize("root_cert", ["", "system"])
def test_the_authoritys_own_file_has_to_be_given(root_cert: str) -> None:
    with pytest.raises(BadInput, match="authority") as refused:
        check_transport(endpoints("db.example.org", ""), "verify-full", root_cert)
    assert "sslrootcert=FILE" in refused.value.hint
    check_transport(endpoints("db.example.org", ""), "verify-full", "/etc/ca.crt")


def test_one_host_far_away_is_enough_to_refuse_a_list_of_them() -> None:
    with pytest.raises(BadInput, match=r"db\.example\.org"):
        check_transport(endpoints("localhost,db.example.org", ""), "prefer", "")
    with pytest.raises(BadInput, match=r"203\.0\.113\.7"):
        check_transport(endpoints("localhost", "127.0.0.1,203.0.113.7"), "prefer", "")


def test_without_a_word_about_it_the_strongest_is_meant() -> None:
    check_transport(endpoints("db.example.org", ""), "", "/etc/ca.crt")


def test_only_a_transaction_pooler_can_neither_tell_nor_prepare_and_says_so() -> None:
    assert [abilities(mode).listens for mode in Mode] == [True, True, False]
    assert [abilities(mode).prepares for mode in Mode] == [True, True, False]
    assert abilities(Mode.TRANSACTION).words == "changes are asked for every second"
    assert [mode for mode in Mode if abilities(mode).words] == [Mode.TRANSACTION]
