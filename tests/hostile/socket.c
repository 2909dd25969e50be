/* Sockets of the crowd: nothing here waits. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hostile.h"

int hostile_connect(const struct hostile_server *server) {
    return hostile_connect_to(server->port);
}

int hostile_connect_to(uint16_t port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
        close(fd);
        fd = -1;
    }
    if (fd < 0) {
        perror("connect");
    }
    return fd;
}

bool hostile_send(int fd, struct base_slice bytes) {
    const uint8_t *at = bytes.data;
    size_t left = bytes.len;
    while (left > 0) {
        ssize_t n = send(fd, at, left, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        at += n;
        left -= (size_t)n;
    }
    return true;
}

bool hostile_drain(int fd) {
    static char room[65536];
    for (;;) {
        ssize_t n = recv(fd, room, sizeof(room), MSG_DONTWAIT);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return errno == EAGAIN || errno == EWOULDBLOCK;
        }
        if (n == 0) {
            return false;
        }
    }
}

void hostile_close(int fd, bool hard) {
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    if (hard) {
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
    }
    close(fd);
}
