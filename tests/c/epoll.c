/* Two clients in one epoll loop, with a timer of the program beside them; nothing in it blocks. epoll URI */
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "check.h"

enum { PATIENCE = 10000, ROUNDS = 200 };

struct player {
    mqtt_client *client;
    const char *hears, *answers;
    int heard;
    bool subscribed, is_first;
};

static void on_event(void *user_data, const mqtt_client *client, const mqtt_event *event)
{
    struct player *player = (struct player *)user_data;
    uint8_t reason = 0xFF;
    switch (mqtt_event_kind_of(event)) {
    case MQTT_EVENT_KIND_CONNECTED:
        OK(mqtt_client_start_subscribe(client, &player->hears, NULL, NULL, 1, NULL, NULL));
        break;
    case MQTT_EVENT_KIND_SUBSCRIBED:
        OK(mqtt_event_reason(event, 0, &reason));
        CHECK(reason == 0);
        player->subscribed = true;
        break;
    case MQTT_EVENT_KIND_MESSAGE:
        if (++player->heard < ROUNDS || !player->is_first) {
            OK(mqtt_client_publish(client, player->answers, (const uint8_t *)"ball", 4, 1, false, NULL, 0, NULL));
        }
        break;
    case MQTT_EVENT_KIND_DISCONNECTED:
        CHECK(!"disconnected");
        break;
    default:
        break;
    }
}

static void watch(int loop, int fd, void *with)
{
    struct epoll_event wanted;
    memset(&wanted, 0, sizeof wanted);
    wanted.events = EPOLLIN;
    wanted.data.ptr = with;
    CHECK(epoll_ctl(loop, EPOLL_CTL_ADD, fd, &wanted) == 0);
}

int main(int argc, char **argv)
{
    struct player players[2] = {{NULL, "ping", "pong", 0, false, true}, {NULL, "pong", "ping", 0, false, false}};
    struct itimerspec every;
    int at, loop = epoll_create1(EPOLL_CLOEXEC), timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK), ticks = 0;
    bool begun = false;
    if (argc != 2 || loop < 0 || timer < 0) {
        fprintf(stderr, "usage: epoll URI\n");
        return 2;
    }
    OK(MQTT_ABI_CHECK());
    for (at = 0; at < 2; at++) {
        mqtt_options *options = NULL;
        OK(mqtt_options_new(argv[1], &options));
        OK(mqtt_client_new(options, &players[at].client));
        mqtt_options_free(options);
        watch(loop, mqtt_client_fd(players[at].client), &players[at]);
        OK(mqtt_client_start_connect(players[at].client, NULL));
    }
    memset(&every, 0, sizeof every);
    every.it_interval.tv_nsec = every.it_value.tv_nsec = 1000000;
    CHECK(timerfd_settime(timer, 0, &every, NULL) == 0);
    watch(loop, timer, NULL);
    while (players[0].heard < ROUNDS || ticks == 0) {
        struct epoll_event ready[4];
        int count = epoll_wait(loop, ready, 4, PATIENCE);
        if (count <= 0) {
            CHECK(!"nothing happened");
            break;
        }
        for (at = 0; at < count; at++) {
            struct player *player = (struct player *)ready[at].data.ptr;
            uint64_t expired;
            if (player == NULL) {
                ticks += read(timer, &expired, sizeof expired) == (ssize_t)sizeof expired;
            } else {
                OK(mqtt_client_dispatch(player->client, 16, on_event, player, NULL));
            }
        }
        if (!begun && players[0].subscribed && players[1].subscribed) {
            begun = true;
            OK(mqtt_client_publish(players[0].client, "pong", (const uint8_t *)"ball", 4, 1, false, NULL, 0, NULL));
        }
    }
    CHECK(players[0].heard == ROUNDS && players[1].heard == ROUNDS && ticks > 0);
    for (at = 0; at < 2; at++) {
        mqtt_client_free(players[at].client);
    }
    close(timer);
    close(loop);
    return report("epoll");
}
