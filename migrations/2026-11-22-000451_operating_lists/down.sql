DROP INDEX participants_by_person, people_by_name_start, people_by_domain_start, people_by_address_start, outbox_sent,
    outbox_to, outbox_waiting_newest, outbox_bounced, outbox_withdrawn, inbound_discarded, inbound_set_aside;
